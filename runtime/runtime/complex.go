// Division of complex numbers.

package runtime

import "unsafe"

// Robert L. Smith, "Algorithm 116: Complex division", CACM 5(8), 1962: scaling by the quotient of the divisor's parts
// keeps the squares from overflowing. What comes out as NaN although a limit exists is put right as C99 (Annex G.5.1)
// has it.
func complex128div(n, m complex128) complex128 {
	a, b, c, d := real(n), imag(n), real(m), imag(m)
	var re, im float64
	if magnitude(c) >= magnitude(d) {
		scale := d / c
		by := c + scale*d
		re, im = (a+b*scale)/by, (b-a*scale)/by
	} else {
		scale := c / d
		by := d + scale*c
		re, im = (a*scale+b)/by, (b*scale-a)/by
	}
	if re == re || im == im {
		return complex(re, im)
	}
	infinity := floatOfBits(infiniteBits)
	switch {
	case c == 0 && d == 0 && (a == a || b == b):
		// Something by zero: infinite, with the zero's sign.
		inf := withSign(infinity, c)
		re, im = inf*a, inf*b
	case (isInfinite(a) || isInfinite(b)) && isFinite(c) && isFinite(d):
		a, b = infiniteOrZero(a), infiniteOrZero(b)
		re, im = infinity*(a*c+b*d), infinity*(b*c-a*d)
	case (isInfinite(c) || isInfinite(d)) && isFinite(a) && isFinite(b):
		c, d = infiniteOrZero(c), infiniteOrZero(d)
		re, im = 0*(a*c+b*d), 0*(b*c-a*d)
	}
	return complex(re, im)
}

func floatBits(f float64) uint64      { return *(*uint64)(unsafe.Pointer(&f)) }
func floatOfBits(bits uint64) float64 { return *(*float64)(unsafe.Pointer(&bits)) }

const infiniteBits, signBit = 0x7ff << 52, 1 << 63

func magnitude(f float64) float64 { return floatOfBits(floatBits(f) &^ signBit) }

func isInfinite(f float64) bool { return floatBits(f)&^signBit == infiniteBits }

func isFinite(f float64) bool { return floatBits(f)&infiniteBits != infiniteBits }

func withSign(f, sign float64) float64 {
	return floatOfBits(floatBits(f)&^signBit | floatBits(sign)&signBit)
}

// infiniteOrZero is ±1 for infinities and ±0 for all others.
func infiniteOrZero(f float64) float64 {
	if isInfinite(f) {
		return withSign(1, f)
	}
	return withSign(0, f)
}
