// Prints what real Go puts into the descriptors of the types of `subjects`:
//
//	go run -ldflags=-checklinkname=0 subject.go dump.go > expect-1.26.txt

package main

import (
	"fmt"
	"os"
	"reflect"
	"runtime"
	"strings"
	"unsafe"
)

type rtype struct {
	size, ptrBytes                 uintptr
	hash                           uint32
	tflag, align, fieldAlign, kind uint8
	equal                          unsafe.Pointer
	gcdata                         *byte
	str, ptrToThis                 int32
}

type uncommon struct {
	pkgPath        int32
	mcount, xcount uint16
	moff, _        uint32
}

type method struct{ name, mtyp, ifn, tfn int32 }

type map26 struct {
	rtype
	key, elem, group               *rtype
	hasher                         unsafe.Pointer
	groupSize, slotSize, elemOff   uintptr
	flags                          uint32
}

type map27 struct {
	rtype
	key, elem, group                                                    *rtype
	hasher                                                              unsafe.Pointer
	groupSize, keysOff, keyStride, elemsOff, elemStride, elemOff        uintptr
	flags                                                               uint32
}

//go:linkname resolveNameOff reflect.resolveNameOff
func resolveNameOff(ptrInModule unsafe.Pointer, off int32) unsafe.Pointer

func mask(p *byte, words uintptr) string {
	out := ""
	for i := uintptr(0); i < words; i++ {
		bit := *(*byte)(unsafe.Add(unsafe.Pointer(p), i/8)) >> (i % 8) & 1
		out += fmt.Sprint(bit)
	}
	return out
}

// name decodes flags, text, tag and package of a name.
func name(in, p unsafe.Pointer) string {
	if p == nil {
		return "-"
	}
	flags := *(*byte)(p)
	at := 1
	text := func() string {
		n, shift := 0, 0
		for {
			b := *(*byte)(unsafe.Add(p, at))
			at++
			n |= int(b&0x7f) << shift
			shift += 7
			if b&0x80 == 0 {
				break
			}
		}
		s := unsafe.String((*byte)(unsafe.Add(p, at)), n)
		at += n
		return s
	}
	out := fmt.Sprintf("%d:%q", flags, text())
	if flags&2 != 0 {
		out += fmt.Sprintf(" tag=%q", text())
	}
	if flags&4 != 0 {
		var off int32
		for i := 0; i < 4; i++ {
			off |= int32(*(*byte)(unsafe.Add(p, at+i))) << (8 * i)
		}
		out += " pkg=" + name(in, resolveNameOff(in, off))
	}
	return out
}

func fixed(t reflect.Type) uintptr {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Func:
		return 56
	case reflect.Array:
		return 72
	case reflect.Chan:
		return 64
	case reflect.Struct, reflect.Interface:
		return 80
	case reflect.Map:
		if strings.HasPrefix(runtime.Version(), "go1.26") {
			return 112
		}
		return 136
	}
	return 48
}

func dump(t reflect.Type) {
	p := (*[2]unsafe.Pointer)(unsafe.Pointer(&t))[1]
	r := (*rtype)(p)
	fmt.Printf("type %s\n", t)
	fmt.Printf("  size=%d ptr=%d tflag=%d align=%d/%d kind=%d equal=%v str=%s\n", r.size, r.ptrBytes, r.tflag, r.align,
		r.fieldAlign, r.kind, r.equal != nil, name(p, resolveNameOff(p, r.str)))
	if r.ptrBytes > 0 && r.tflag&16 == 0 {
		fmt.Printf("  mask=%s\n", mask(r.gcdata, r.ptrBytes/8))
	}
	pkg := func(at uintptr) { fmt.Printf("  pkg=%s\n", name(p, *(*unsafe.Pointer)(unsafe.Add(p, at)))) }
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Chan:
		fmt.Printf("  elem=%s", t.Elem())
		if t.Kind() == reflect.Array {
			fmt.Printf(" len=%d", t.Len())
		}
		if t.Kind() == reflect.Chan {
			fmt.Printf(" dir=%d", t.ChanDir())
		}
		fmt.Println()
	case reflect.Func:
		fmt.Printf("  variadic=%v\n", t.IsVariadic())
		for i := 0; i < t.NumIn(); i++ {
			fmt.Printf("  in=%s\n", t.In(i))
		}
		for i := 0; i < t.NumOut(); i++ {
			fmt.Printf("  out=%s\n", t.Out(i))
		}
	case reflect.Struct:
		pkg(48)
		fields := *(*[]struct {
			name unsafe.Pointer
			typ  *rtype
			off  uintptr
		})(unsafe.Add(p, 56))
		for i, f := range fields {
			fmt.Printf("  field %s offset=%d type=%s\n", name(p, f.name), f.off, t.Field(i).Type)
		}
	case reflect.Interface:
		pkg(48)
		methods := *(*[]struct{ name, typ int32 })(unsafe.Add(p, 56))
		for i, m := range methods {
			fmt.Printf("  imethod %s type=%s\n", name(p, resolveNameOff(p, m.name)), t.Method(i).Type)
		}
	case reflect.Map:
		if strings.HasPrefix(runtime.Version(), "go1.26") {
			m := (*map26)(p)
			fmt.Printf("  key=%s elem=%s group=%d slot=%d elemoff=%d flags=%d\n", t.Key(), t.Elem(), m.groupSize, m.slotSize,
				m.elemOff, m.flags)
			fmt.Printf("  group size=%d ptr=%d align=%d mask=%s\n", m.group.size, m.group.ptrBytes, m.group.align,
				mask(m.group.gcdata, m.group.ptrBytes/8))
		} else {
			m := (*map27)(p)
			fmt.Printf("  key=%s elem=%s group=%d keys=%d/%d elems=%d/%d elemoff=%d flags=%d\n", t.Key(), t.Elem(), m.groupSize,
				m.keysOff, m.keyStride, m.elemsOff, m.elemStride, m.elemOff, m.flags)
			fmt.Printf("  group size=%d ptr=%d align=%d\n", m.group.size, m.group.ptrBytes, m.group.align)
		}
	}
	if r.tflag&1 != 0 {
		at := fixed(t)
		u := (*uncommon)(unsafe.Add(p, at))
		fmt.Printf("  uncommon pkg=%s mcount=%d xcount=%d moff=%d\n", name(p, resolveNameOff(p, u.pkgPath)), u.mcount, u.xcount, u.moff)
		methods := unsafe.Slice((*method)(unsafe.Add(unsafe.Pointer(u), u.moff)), u.mcount)
		for i, m := range methods {
			fmt.Printf("  method %s", name(p, resolveNameOff(p, m.name)))
			if i < int(u.xcount) {
				m := t.Method(i)
				in := []string{}
				for j := 1; j < m.Type.NumIn(); j++ {
					s := m.Type.In(j).String()
					if m.Type.IsVariadic() && j == m.Type.NumIn()-1 {
						s = "..." + s[2:]
					}
					in = append(in, s)
				}
				fmt.Printf(" in=(%s)", strings.Join(in, ", "))
			}
			fmt.Println()
		}
	}
}

func main() {
	reflect.ValueOf(subjects).MethodByName(os.Args[0])
	t := reflect.TypeOf(subjects)
	for i := 0; i < t.NumField(); i++ {
		dump(t.Field(i).Type)
	}
}
