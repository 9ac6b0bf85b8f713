// The first place of a byte. Words of eight are tested at once: x ^ pattern has a zero byte where x has the byte that is
// looked for, and (y - 0x01..) &^ y & 0x80.. marks zero bytes, its lowest mark being exact.

package bytealg

import (
	"internal/runtime/sys"
	"unsafe"
)

func IndexByte(b []byte, c byte) int {
	return indexByte(unsafe.Pointer(unsafe.SliceData(b)), uintptr(len(b)), c)
}

func IndexByteString(s string, c byte) int {
	return indexByte(unsafe.Pointer(unsafe.StringData(s)), uintptr(len(s)), c)
}

func indexByte(p unsafe.Pointer, n uintptr, c byte) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	pattern := uint64(c) * ones
	i := uintptr(0)
	for ; i+8 <= n; i += 8 {
		y := *(*uint64)(unsafe.Add(p, i)) ^ pattern
		if marks := (y - ones) &^ y & tops; marks != 0 {
			return int(i) + sys.TrailingZeros64(marks)>>3
		}
	}
	for ; i < n; i++ {
		if *(*byte)(unsafe.Add(p, i)) == c {
			return int(i)
		}
	}
	return -1
}
