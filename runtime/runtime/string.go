// Strings: concatenation, conversions, UTF-8.

package runtime

import (
	"internal/wasm"
	"unsafe"
)

const (
	runeError = '\uFFFD'
	runeSelf  = 0x80
	maxRune   = '\U0010FFFF'
)

// rawString returns a string and its bytes, to be filled.
func rawString(n int) (string, []byte) {
	p := (*byte)(mallocgc(uintptr(n), nil, false))
	return unsafe.String(p, n), unsafe.Slice(p, n)
}

func concatstrings(a []string) string {
	length, parts, last := 0, 0, 0
	for i, s := range a {
		if s == "" {
			continue
		}
		if length+len(s) < length {
			throw("string concatenation too long")
		}
		length += len(s)
		parts++
		last = i
	}
	switch parts {
	case 0:
		return ""
	case 1:
		return a[last]
	}
	s, b := rawString(length)
	for _, part := range a {
		b = b[copy(b, part):]
	}
	return s
}

func concatstring2(a, b string) string {
	if a == "" {
		return b
	}
	if b == "" {
		return a
	}
	s, bytes := rawString(len(a) + len(b))
	copy(bytes[copy(bytes, a):], b)
	return s
}

func concatstring3(a, b, c string) string       { return concatstrings([]string{a, b, c}) }
func concatstring4(a, b, c, d string) string    { return concatstrings([]string{a, b, c, d}) }
func concatstring5(a, b, c, d, e string) string { return concatstrings([]string{a, b, c, d, e}) }

// concatbytes is []byte(a[0] + a[1] + ...) without the string.
func concatbytes(a []string) []byte {
	length := 0
	for _, s := range a {
		if length+len(s) < length {
			throw("string concatenation too long")
		}
		length += len(s)
	}
	b := rawBytes(length)
	rest := b
	for _, s := range a {
		rest = rest[copy(rest, s):]
	}
	return b
}

func slicebytetostring(ptr *byte, n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		p := unsafe.Pointer(&staticuint64s[*ptr])
		return unsafe.String((*byte)(p), 1)
	}
	s, b := rawString(n)
	wasm.Copy(unsafe.Pointer(unsafe.SliceData(b)), unsafe.Pointer(ptr), uintptr(n))
	return s
}

// slicebytetostringtmp is for strings that die before the bytes change.
func slicebytetostringtmp(ptr *byte, n int) string { return unsafe.String(ptr, n) }

// rawBytes returns n bytes to be filled, with the capacity that memory has, zeroed behind n.
func rawBytes(n int) []byte {
	size := roundupsize(uintptr(n), true)
	p := mallocgc(size, nil, false)
	wasm.Fill(unsafe.Add(p, n), 0, size-uintptr(n))
	return unsafe.Slice((*byte)(p), size)[:n]
}

func stringtoslicebyte(s string) []byte {
	b := rawBytes(len(s))
	copy(b, s)
	return b
}

func stringtoslicerune(s string) []rune {
	n := countrunes(s)
	if uintptr(n) > maxAlloc/4 {
		throw("out of memory")
	}
	size := roundupsize(uintptr(n)*4, true)
	p := mallocgc(size, nil, false)
	wasm.Fill(unsafe.Add(p, n*4), 0, size-uintptr(n)*4)
	runes := unsafe.Slice((*rune)(p), size/4)[:n]
	i := 0
	for _, r := range s {
		runes[i] = r
		i++
	}
	return runes
}

func slicerunetostring(runes []rune) string {
	length := 0
	for _, r := range runes {
		length += runeLen(r)
	}
	if length == 0 {
		return ""
	}
	s, b := rawString(length)
	at := 0
	for _, r := range runes {
		at += encoderune(b[at:], r)
	}
	return s
}

// intstring is string(v) for an integer: its character.
func intstring(v int64) string {
	r := rune(v)
	if int64(r) != v {
		r = runeError
	}
	s, b := rawString(runeLen(r))
	encoderune(b, r)
	return s
}

func countrunes(s string) int {
	n := 0
	for range s {
		n++
	}
	return n
}

// decoderune decodes the character at s[k:], which is not ASCII, and returns the position behind it. Invalid UTF-8 is
// one byte of runeError.
func decoderune(s string, k int) (rune, int) {
	b := s[k]
	size, low, high := utf8Lead(b)
	if size == 0 || k+size > len(s) || s[k+1] < low || s[k+1] > high {
		return runeError, k + 1
	}
	r := rune(b) & (0x7f >> size)
	for i := 1; i < size; i++ {
		c := s[k+i]
		if c&0xc0 != 0x80 {
			return runeError, k + 1
		}
		r = r<<6 | rune(c&0x3f)
	}
	return r, k + size
}

// utf8Lead says how long the sequence is that a byte begins, and between what its second byte must lie: that is where
// overlong forms, surrogates and values beyond maxRune show. Size 0: no sequence begins so.
func utf8Lead(b byte) (size int, low, high byte) {
	switch {
	case b < 0xc2:
		return 0, 0, 0
	case b < 0xe0:
		return 2, 0x80, 0xbf
	case b == 0xe0:
		return 3, 0xa0, 0xbf
	case b == 0xed:
		return 3, 0x80, 0x9f
	case b < 0xf0:
		return 3, 0x80, 0xbf
	case b == 0xf0:
		return 4, 0x90, 0xbf
	case b < 0xf4:
		return 4, 0x80, 0xbf
	case b == 0xf4:
		return 4, 0x80, 0x8f
	}
	return 0, 0, 0
}

func runeLen(r rune) int {
	switch {
	case uint32(r) < runeSelf:
		return 1
	case uint32(r) < 1<<11:
		return 2
	case uint32(r) < 1<<16:
		// Surrogates become runeError, which is as long.
		return 3
	case uint32(r) <= maxRune:
		return 4
	}
	return 3
}

func encoderune(p []byte, r rune) int {
	if uint32(r) > maxRune || 0xd800 <= r && r < 0xe000 {
		r = runeError
	}
	n := runeLen(r)
	if n == 1 {
		p[0] = byte(r)
		return 1
	}
	for i := n - 1; i > 0; i-- {
		p[i] = 0x80 | byte(r)&0x3f
		r >>= 6
	}
	p[0] = ^byte(0xff>>n) | byte(r)
	return n
}

// gostring copies a string that ends with a zero byte.
//
//go:linkname gostring
func gostring(p *byte) string {
	n := 0
	for *(*byte)(unsafe.Add(unsafe.Pointer(p), n)) != 0 {
		n++
	}
	return slicebytetostring(p, n)
}

// parseInt reads a decimal number.
func parseInt(s string) (int64, bool) {
	negative := s != "" && s[0] == '-'
	if negative {
		s = s[1:]
	}
	if s == "" {
		return 0, false
	}
	n := uint64(0)
	for i := range len(s) {
		digit := s[i] - '0'
		if digit > 9 || n > (1<<63-10)/10 {
			return 0, false
		}
		n = n*10 + uint64(digit)
	}
	if negative {
		return -int64(n), true
	}
	return int64(n), true
}

// parseByteCount reads 123, 123B, 4KiB, 4MiB, 4GiB, 4TiB.
func parseByteCount(s string) (int64, bool) {
	shift := uint(0)
	if len(s) > 0 && s[len(s)-1] == 'B' {
		s = s[:len(s)-1]
		if n := len(s); n >= 2 && s[n-1] == 'i' {
			switch s[n-2] {
			case 'K':
				shift = 10
			case 'M':
				shift = 20
			case 'G':
				shift = 30
			case 'T':
				shift = 40
			default:
				return 0, false
			}
			s = s[:n-2]
		}
	}
	n, ok := parseInt(s)
	if !ok || n < 0 || n > (1<<63-1)>>shift {
		return 0, false
	}
	return n << shift, true
}
