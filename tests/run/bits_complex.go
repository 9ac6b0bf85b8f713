//run:official wasip1

// Packages math/bits and math/cmplx: counting, rotating, wide arithmetic; roots and powers of complex numbers.
package main

import (
	"fmt"
	"math"
	"math/bits"
	"math/cmplx"
)

func counting() {
	for _, x := range []uint64{0, 1, 0x80, 0xff00ff, 1 << 63, math.MaxUint64, 0x123456789abcdef0} {
		fmt.Println(bits.LeadingZeros64(x), bits.TrailingZeros64(x), bits.OnesCount64(x), bits.Len64(x),
			bits.LeadingZeros32(uint32(x)), bits.TrailingZeros16(uint16(x)), bits.OnesCount8(uint8(x)), bits.Len(uint(x)))
		fmt.Printf("%x %x %x %x %x %x\n", bits.RotateLeft64(x, 12), bits.RotateLeft32(uint32(x), -4), bits.RotateLeft8(uint8(x), 3),
			bits.Reverse64(x), bits.ReverseBytes32(uint32(x)), bits.Reverse16(uint16(x)))
	}
}

// factorial keeps as many words as it needs, least significant first.
func factorial(n uint64) []uint64 {
	words := []uint64{1}
	for factor := uint64(2); factor <= n; factor++ {
		carry := uint64(0)
		for i, word := range words {
			high, low := bits.Mul64(word, factor)
			sum, over := bits.Add64(low, carry, 0)
			words[i], carry = sum, high+over
		}
		if carry > 0 {
			words = append(words, carry)
		}
	}
	return words
}

func decimal(words []uint64) string {
	text := ""
	for len(words) > 0 {
		remainder := uint64(0)
		for i := len(words) - 1; i >= 0; i-- {
			words[i], remainder = bits.Div64(remainder, words[i], 10)
		}
		text = string(rune('0'+remainder)) + text
		for len(words) > 0 && words[len(words)-1] == 0 {
			words = words[:len(words)-1]
		}
	}
	return text
}

func wide() {
	fmt.Println(decimal(factorial(30)), decimal(factorial(52)))
	difference, borrow := bits.Sub64(3, 5, 0)
	sum32, carry32 := bits.Add32(math.MaxUint32, 1, 1)
	high, low := bits.Mul32(1<<31, 6)
	fmt.Println(difference, borrow, sum32, carry32, high, low, bits.Rem64(5, 1, 7))
	for _, divisor := range []uint64{0, 3} {
		func() {
			defer func() { fmt.Println("recovered:", recover()) }()
			fmt.Println(bits.Div64(3, 0, divisor))
		}()
	}
	fmt.Println(bits.UintSize)
}

func complexes() {
	for _, z := range []complex128{3 + 4i, -1, 1i, 0, complex(math.Inf(1), math.NaN()), -2 - 0.5i} {
		r, theta := cmplx.Polar(z)
		fmt.Println(z, cmplx.Abs(z), cmplx.Phase(z), cmplx.Sqrt(z), cmplx.Conj(z), r, theta, cmplx.IsNaN(z), cmplx.IsInf(z))
		fmt.Printf("%.12g %.12g %.12g %.12g\n", cmplx.Exp(z), cmplx.Log(z), cmplx.Sin(z), cmplx.Tanh(z))
	}
	fmt.Printf("%.10g %.10g %.10g\n", cmplx.Pow(1i, 1i), cmplx.Rect(2, math.Pi/6), cmplx.Asin(2))
	a, b := 1+2i, 3-1i
	fmt.Println(a*b, a/b, a+b, a-b, a == b, real(a), imag(b), -a)
	var zero complex128
	fmt.Println(a/zero, zero/zero, complex64(a)*complex64(b))
	// Newton's method finds the cube roots of one, depending on where it starts.
	for _, z := range []complex128{1 + 0.5i, -1 + 1i, -1 - 1i} {
		for range 40 {
			z -= (z*z*z - 1) / (3 * z * z)
		}
		fmt.Printf("%.6f ", z)
	}
	escape := 0
	for z, c := 0i, complex(-0.75, 0.1); cmplx.Abs(z) <= 2; z = z*z + c {
		escape++
	}
	fmt.Println(escape)
}

func main() {
	counting()
	wide()
	complexes()
}
