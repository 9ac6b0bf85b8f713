// Equality of memory: eight bytes at a time. The last word of a sequence of eight bytes or more is loaded so that it
// ends with the sequence, overlapping the word before.

package bytealg

import (
	"internal/runtime/sys"
	"unsafe"
)

//go:linkname runtime_memequal runtime.memequal
func runtime_memequal(p, q unsafe.Pointer, size uintptr) bool {
	if p == q {
		return true
	}
	if size < 8 {
		return equalShort(p, q, size)
	}
	last := size - 8
	for i := uintptr(0); i < last; i += 8 {
		if *(*uint64)(unsafe.Add(p, i)) != *(*uint64)(unsafe.Add(q, i)) {
			return false
		}
	}
	return *(*uint64)(unsafe.Add(p, last)) == *(*uint64)(unsafe.Add(q, last))
}

func equalShort(p, q unsafe.Pointer, size uintptr) bool {
	if size >= 4 {
		last := size - 4
		return *(*uint32)(p) == *(*uint32)(q) && *(*uint32)(unsafe.Add(p, last)) == *(*uint32)(unsafe.Add(q, last))
	}
	for i := uintptr(0); i < size; i++ {
		if *(*byte)(unsafe.Add(p, i)) != *(*byte)(unsafe.Add(q, i)) {
			return false
		}
	}
	return true
}

// runtime_memequal_varlen is the code of the func values in type descriptors: the size is the word after the code word.
//
//go:linkname runtime_memequal_varlen runtime.memequal_varlen
func runtime_memequal_varlen(p, q unsafe.Pointer) bool {
	size := *(*uintptr)(unsafe.Pointer(sys.GetClosurePtr() + 8))
	return runtime_memequal(p, q, size)
}
