// Ordering of byte sequences: eight bytes at a time until two words differ, then the first differing byte decides. In a
// little-endian load that byte is the lowest one that differs.

package bytealg

import (
	"internal/runtime/sys"
	"unsafe"
)

// Compare returns -1, 0 or +1.
func Compare(a, b []byte) int {
	return compare(unsafe.Pointer(unsafe.SliceData(a)), unsafe.Pointer(unsafe.SliceData(b)), uintptr(len(a)), uintptr(len(b)))
}

// CompareString returns -1, 0 or +1.
func CompareString(a, b string) int {
	return compare(unsafe.Pointer(unsafe.StringData(a)), unsafe.Pointer(unsafe.StringData(b)), uintptr(len(a)), uintptr(len(b)))
}

//go:linkname runtime_cmpstring runtime.cmpstring
func runtime_cmpstring(a, b string) int {
	return CompareString(a, b)
}

func compare(p, q unsafe.Pointer, plen, qlen uintptr) int {
	n := min(plen, qlen)
	if p != q {
		i := uintptr(0)
		for ; i+8 <= n; i += 8 {
			x, y := *(*uint64)(unsafe.Add(p, i)), *(*uint64)(unsafe.Add(q, i))
			if x != y {
				shift := uint(sys.TrailingZeros64(x^y)) &^ 7
				return order(x>>shift&0xff < y>>shift&0xff)
			}
		}
		for ; i < n; i++ {
			x, y := *(*byte)(unsafe.Add(p, i)), *(*byte)(unsafe.Add(q, i))
			if x != y {
				return order(x < y)
			}
		}
	}
	if plen == qlen {
		return 0
	}
	return order(plen < qlen)
}

func order(less bool) int {
	if less {
		return -1
	}
	return 1
}
