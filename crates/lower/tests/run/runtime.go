// What lowered functions call, as simple as possible: memory comes from one array and is never given back.
package runtime

import (
	"internal/abi"
	"unsafe"
)

var heap [1 << 16]uint64
var used uintptr

func mallocgc(size uintptr, typ *abi.Type, needzero bool) unsafe.Pointer {
	p := unsafe.Add(unsafe.Pointer(&heap), used)
	used += (size + 7) &^ 7
	return p
}

func makeslice(et *abi.Type, len, cap int) unsafe.Pointer {
	return mallocgc(et.Size_*uintptr(cap), et, true)
}

func memequal(p, q unsafe.Pointer, size uintptr) bool {
	for i := uintptr(0); i < size; i++ {
		if *(*byte)(unsafe.Add(p, i)) != *(*byte)(unsafe.Add(q, i)) {
			return false
		}
	}
	return true
}

type slice struct {
	array    unsafe.Pointer
	len, cap int
}

func growslice(old unsafe.Pointer, newLen, oldCap, num int, et *abi.Type) slice {
	p := mallocgc(et.Size_*uintptr(2*newLen), et, true)
	for i := range et.Size_ * uintptr(newLen-num) {
		*(*byte)(unsafe.Add(p, i)) = *(*byte)(unsafe.Add(old, i))
	}
	return slice{p, newLen, 2 * newLen}
}

func panicrangestate(state int) {
	var none []int
	_ = none[state]
}
