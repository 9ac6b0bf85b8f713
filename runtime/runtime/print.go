// print and println, straight to standard error and without allocating. Text of panics goes the same way.

package runtime

import (
	"internal/abi"
	"internal/strconv"
	"unsafe"
)

// hex prints an integer in hexadecimal.
type hex uint64

func printlock()   {}
func printunlock() {}

// printInto takes what is printed while it is not nil, as far as it has room (Stack).
var printInto *[]byte

func gwrite(b []byte) {
	if into := printInto; into != nil {
		n := min(len(b), cap(*into)-len(*into))
		*into = append(*into, b[:n]...)
	} else if len(b) != 0 {
		writeErr(b)
	}
}

func printsp() { printstring(" ") }
func printnl() { printstring("\n") }

func printbool(v bool) {
	if v {
		printstring("true")
	} else {
		printstring("false")
	}
}

func printfloat64(v float64) {
	var buf [24]byte
	gwrite(strconv.AppendFloat(buf[:0], v, 'g', -1, 64))
}

func printfloat32(v float32) {
	var buf [24]byte
	gwrite(strconv.AppendFloat(buf[:0], float64(v), 'g', -1, 32))
}

func printcomplex128(c complex128) {
	var buf [56]byte
	gwrite(strconv.AppendComplex(buf[:0], c, 'g', -1, 128))
}

func printcomplex64(c complex64) {
	var buf [56]byte
	gwrite(strconv.AppendComplex(buf[:0], complex128(c), 'g', -1, 64))
}

// digits writes v at the end of buf in a base up to 16.
func digits(buf []byte, v, base uint64) []byte {
	i := len(buf)
	for {
		i--
		buf[i] = "0123456789abcdef"[v%base]
		if v /= base; v == 0 {
			return buf[i:]
		}
	}
}

func printuint(v uint64) {
	var buf [20]byte
	gwrite(digits(buf[:], v, 10))
}

func printint(v int64) {
	if v < 0 {
		printstring("-")
		v = -v
	}
	printuint(uint64(v))
}

func printhex(v uint64) {
	var buf [16]byte
	printstring("0x")
	gwrite(digits(buf[:], v, 16))
}

func printpointer(p unsafe.Pointer) { printhex(uint64(uintptr(p))) }
func printuintptr(p uintptr)        { printhex(uint64(p)) }

func printstring(s string) {
	gwrite(unsafe.Slice(unsafe.StringData(s), len(s)))
}

func printslice(s []byte) {
	sp := (*slice)(unsafe.Pointer(&s))
	print("[", len(s), "/", cap(s), "]")
	printpointer(sp.array)
}

func printeface(e eface) { print("(", unsafe.Pointer(e.typ), ",", e.data, ")") }
func printiface(i iface) { print("(", unsafe.Pointer(i.tab), ",", i.data, ")") }

// printindented indents the lines that follow the first, so that what a value says cannot pass for part of a trace.
func printindented(s string) {
	start := 0
	for i := range len(s) {
		if s[i] == '\n' {
			printstring(s[start : i+1])
			printstring("\t")
			start = i + 1
		}
	}
	printstring(s[start:])
}

// printpanicval prints the argument of a panic. Errors and Stringers have been made strings before.
func printpanicval(v any) {
	e := efaceOf(&v)
	if e.typ == nil {
		printstring("nil")
		return
	}
	data := e.data
	if e.typ.IsDirectIface() {
		data = unsafe.Pointer(&e.data)
	}
	basic := e.typ.TFlag&abi.TFlagNamed != 0 && pkgPath(e.typ) == ""
	if !printBasic(e.typ, data, basic) {
		print("(", typeString(e.typ), ") ", e.data)
	}
}

// printBasic prints a value of a basic kind: of a predeclared type plainly, of another in a conversion.
func printBasic(typ *abi.Type, data unsafe.Pointer, plain bool) bool {
	kind := typ.Kind()
	if kind < abi.Bool || kind > abi.Complex128 && kind != abi.String {
		return false
	}
	quote, open, end := "", "", ""
	if !plain {
		open, end = "(", ")"
		switch kind {
		case abi.String:
			quote = `"`
		case abi.Complex64, abi.Complex128:
			// Complex values bring their own parentheses.
			open, end = "", ""
		}
		printstring(typeString(typ))
	}
	printstring(open)
	printstring(quote)
	switch kind {
	case abi.Bool:
		print(*(*bool)(data))
	case abi.Int:
		print(*(*int)(data))
	case abi.Int8:
		print(*(*int8)(data))
	case abi.Int16:
		print(*(*int16)(data))
	case abi.Int32:
		print(*(*int32)(data))
	case abi.Int64:
		print(*(*int64)(data))
	case abi.Uint:
		print(*(*uint)(data))
	case abi.Uint8:
		print(*(*uint8)(data))
	case abi.Uint16:
		print(*(*uint16)(data))
	case abi.Uint32:
		print(*(*uint32)(data))
	case abi.Uint64:
		print(*(*uint64)(data))
	case abi.Uintptr:
		print(*(*uintptr)(data))
	case abi.Float32:
		print(*(*float32)(data))
	case abi.Float64:
		print(*(*float64)(data))
	case abi.Complex64:
		print(*(*complex64)(data))
	case abi.Complex128:
		print(*(*complex128)(data))
	case abi.String:
		printindented(*(*string)(data))
	}
	printstring(quote)
	printstring(end)
	return true
}
