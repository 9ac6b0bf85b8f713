// The errors that the runtime panics with. Their texts are the SDK's.

package runtime

import "internal/abi"

// Error identifies a run time error: it is implemented by the errors that the runtime panics with, and by no others.
type Error interface {
	error

	// RuntimeError has no effect; it tells run time errors from ordinary ones.
	RuntimeError()
}

type stringer interface {
	String() string
}

// A TypeAssertionError explains a failed type assertion.
type TypeAssertionError struct {
	_interface    *abi.Type
	concrete      *abi.Type
	asserted      *abi.Type
	missingMethod string // one method of the asserted interface that concrete lacks
}

func (*TypeAssertionError) RuntimeError() {}

func (e *TypeAssertionError) Error() string {
	asserted := typeString(e.asserted)
	if e.missingMethod != "" && e.concrete != nil {
		return "interface conversion: " + typeString(e.concrete) + " is not " + asserted + ": missing method " + e.missingMethod
	}
	source := "interface"
	if e._interface != nil {
		source = typeString(e._interface)
	}
	if e.concrete == nil {
		return "interface conversion: " + source + " is nil, not " + asserted
	}
	concrete := typeString(e.concrete)
	text := "interface conversion: " + source + " is " + concrete + ", not " + asserted
	if concrete != asserted {
		return text
	}
	if pkgPath(e.concrete) != pkgPath(e.asserted) {
		return text + " (types from different packages)"
	}
	return text + " (types from different scopes)"
}

// errorString is an error with the prefix of all run time errors.
type errorString string

func (e errorString) RuntimeError() {}
func (e errorString) Error() string { return "runtime error: " + string(e) }

// plainError has no prefix.
type plainError string

func (e plainError) RuntimeError() {}
func (e plainError) Error() string { return string(e) }

// errorAddressString is the error of a memory fault; Addr is part of what debug.SetPanicOnFault promises.
type errorAddressString struct {
	text string
	addr uintptr
}

func (e errorAddressString) RuntimeError() {}
func (e errorAddressString) Error() string { return "runtime error: " + e.text }
func (e errorAddressString) Addr() uintptr { return e.addr }

// A PanicNilError happens when code calls panic(nil).
type PanicNilError struct {
	// No other struct has this shape, so none can be converted.
	_ [0]*PanicNilError
}

func (*PanicNilError) Error() string { return panicNilText }
func (*PanicNilError) RuntimeError() {}

// A boundsError is a failed index, slice expression or conversion to an array. x is what was asked for, y what there is.
type boundsError struct {
	x      int64
	y      int
	signed bool // x is an int64, not a uint64
	code   abi.BoundsErrorCode
}

func (e boundsError) RuntimeError() {}

// boundsTexts have %x and %y for the numbers; boundsNegativeTexts are for a negative x, which needs no comparison.
var boundsTexts = [...]string{
	abi.BoundsIndex:      "index out of range [%x] with length %y",
	abi.BoundsSliceAlen:  "slice bounds out of range [:%x] with length %y",
	abi.BoundsSliceAcap:  "slice bounds out of range [:%x] with capacity %y",
	abi.BoundsSliceB:     "slice bounds out of range [%x:%y]",
	abi.BoundsSlice3Alen: "slice bounds out of range [::%x] with length %y",
	abi.BoundsSlice3Acap: "slice bounds out of range [::%x] with capacity %y",
	abi.BoundsSlice3B:    "slice bounds out of range [:%x:%y]",
	abi.BoundsSlice3C:    "slice bounds out of range [%x:%y:]",
	abi.BoundsConvert:    "cannot convert slice with length %y to array or pointer to array with length %x",
}

var boundsNegativeTexts = [...]string{
	abi.BoundsIndex:      "index out of range [%x]",
	abi.BoundsSliceAlen:  "slice bounds out of range [:%x]",
	abi.BoundsSliceAcap:  "slice bounds out of range [:%x]",
	abi.BoundsSliceB:     "slice bounds out of range [%x:]",
	abi.BoundsSlice3Alen: "slice bounds out of range [::%x]",
	abi.BoundsSlice3Acap: "slice bounds out of range [::%x]",
	abi.BoundsSlice3B:    "slice bounds out of range [:%x:]",
	abi.BoundsSlice3C:    "slice bounds out of range [%x::]",
}

func (e boundsError) Error() string {
	template := boundsTexts[e.code]
	if e.signed && e.x < 0 {
		template = boundsNegativeTexts[e.code]
	}
	text := append(make([]byte, 0, 100), "runtime error: "...)
	var buf [20]byte
	for i := 0; i < len(template); i++ {
		if template[i] != '%' {
			text = append(text, template[i])
			continue
		}
		i++
		n, signed := int64(e.y), true
		if template[i] == 'x' {
			n, signed = e.x, e.signed
		}
		if signed && n < 0 {
			text = append(text, '-')
			n = -n
		}
		text = append(text, digits(buf[:], uint64(n), 10)...)
	}
	return string(text)
}

var (
	divideError   = error(errorString("integer divide by zero"))
	overflowError = error(errorString("integer overflow"))
	shiftError    = error(errorString("negative shift amount"))
	floatError    = error(errorString("floating point error"))
	memoryError   = error(errorString("invalid memory address or nil pointer dereference"))
)

func panicdivide()   { panic(divideError) }
func panicoverflow() { panic(overflowError) }
func panicshift()    { panic(shiftError) }
func panicfloat()    { panic(floatError) }

// panicmem is a nil dereference. The trace of a program that dies of it begins with a signal's name.
func panicmem() {
	getg().faulted = true
	panic(memoryError)
}

// panicwrap is a call of a value method by a pointer that is nil, in a wrapper whose name is like main.(*T).F.
func panicwrap(pkg, typ, method string) {
	panic(plainError("value method " + pkg + "." + typ + "." + method + " called using nil *" + typ + " pointer"))
}

func panicBoundsError(x int64, signed bool, y int, code abi.BoundsErrorCode) {
	panic(boundsError{x: x, y: y, signed: signed, code: code})
}

func goPanicIndex(x int, y int)       { panicBoundsError(int64(x), true, y, abi.BoundsIndex) }
func goPanicIndexU(x uint, y int)     { panicBoundsError(int64(x), false, y, abi.BoundsIndex) }
func goPanicSliceAlen(x int, y int)   { panicBoundsError(int64(x), true, y, abi.BoundsSliceAlen) }
func goPanicSliceAlenU(x uint, y int) { panicBoundsError(int64(x), false, y, abi.BoundsSliceAlen) }
func goPanicSliceAcap(x int, y int)   { panicBoundsError(int64(x), true, y, abi.BoundsSliceAcap) }
func goPanicSliceAcapU(x uint, y int) { panicBoundsError(int64(x), false, y, abi.BoundsSliceAcap) }
func goPanicSliceB(x int, y int)      { panicBoundsError(int64(x), true, y, abi.BoundsSliceB) }
func goPanicSliceBU(x uint, y int)    { panicBoundsError(int64(x), false, y, abi.BoundsSliceB) }
func goPanicSlice3Alen(x int, y int)  { panicBoundsError(int64(x), true, y, abi.BoundsSlice3Alen) }
func goPanicSlice3AlenU(x uint, y int) {
	panicBoundsError(int64(x), false, y, abi.BoundsSlice3Alen)
}
func goPanicSlice3Acap(x int, y int) { panicBoundsError(int64(x), true, y, abi.BoundsSlice3Acap) }
func goPanicSlice3AcapU(x uint, y int) {
	panicBoundsError(int64(x), false, y, abi.BoundsSlice3Acap)
}
func goPanicSlice3B(x int, y int)      { panicBoundsError(int64(x), true, y, abi.BoundsSlice3B) }
func goPanicSlice3BU(x uint, y int)    { panicBoundsError(int64(x), false, y, abi.BoundsSlice3B) }
func goPanicSlice3C(x int, y int)      { panicBoundsError(int64(x), true, y, abi.BoundsSlice3C) }
func goPanicSlice3CU(x uint, y int)    { panicBoundsError(int64(x), false, y, abi.BoundsSlice3C) }
func goPanicSliceConvert(x int, y int) { panicBoundsError(int64(x), true, y, abi.BoundsConvert) }

// rangeErrors are by the state of the loop (abi.RF_State) in which its body must not be called, or left.
var rangeErrors = [...]error{
	abi.RF_DONE:          errorString("range function continued iteration after function for loop body returned false"),
	abi.RF_PANIC:         errorString("range function continued iteration after loop body panic"),
	abi.RF_EXHAUSTED:     errorString("range function continued iteration after whole loop exit"),
	abi.RF_MISSING_PANIC: errorString("range function recovered a loop body panic and did not resume panicking"),
}

// panicrangestate is called where a range-over-func loop finds itself in such a state.
func panicrangestate(state int) {
	if uint(state) >= uint(len(rangeErrors)) || rangeErrors[state] == nil {
		throw("runtime: range-over-func loop in an unknown state")
	}
	panic(rangeErrors[state])
}
