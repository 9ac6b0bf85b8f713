//run:official wasip1

// Package math: special values, exact results, and the last bits of those that are computed.
package main

import (
	"fmt"
	"math"
)

var unary = []struct {
	name string
	of   func(float64) float64
}{
	{"Abs", math.Abs}, {"Acos", math.Acos}, {"Acosh", math.Acosh}, {"Asin", math.Asin}, {"Asinh", math.Asinh},
	{"Atan", math.Atan}, {"Atanh", math.Atanh}, {"Cbrt", math.Cbrt}, {"Ceil", math.Ceil}, {"Cos", math.Cos},
	{"Cosh", math.Cosh}, {"Erf", math.Erf}, {"Erfc", math.Erfc}, {"Exp", math.Exp}, {"Exp2", math.Exp2},
	{"Expm1", math.Expm1}, {"Floor", math.Floor}, {"Gamma", math.Gamma}, {"J0", math.J0}, {"Log", math.Log},
	{"Log10", math.Log10}, {"Log1p", math.Log1p}, {"Log2", math.Log2}, {"Logb", math.Logb}, {"Round", math.Round},
	{"RoundToEven", math.RoundToEven}, {"Sin", math.Sin}, {"Sinh", math.Sinh}, {"Sqrt", math.Sqrt},
	{"Tan", math.Tan}, {"Tanh", math.Tanh}, {"Trunc", math.Trunc}, {"Y1", math.Y1},
}

func table() {
	for _, f := range unary {
		fmt.Print(f.name, ":")
		for _, x := range []float64{0.5, -2.5, 1e10, math.Inf(1), math.NaN(), math.Copysign(0, -1), 0.9999999} {
			fmt.Print(" ", f.of(x))
		}
		fmt.Println()
	}
}

func pairs() {
	values := []float64{0, math.Copysign(0, -1), 1, -3.5, 2, math.Inf(1), math.NaN()}
	for _, x := range values {
		for _, y := range values[2:] {
			fmt.Printf("%v %v: %v %v %v %v %v %v %v %v\n", x, y, math.Pow(x, y), math.Mod(x, y), math.Atan2(x, y),
				math.Hypot(x, y), math.Max(x, y), math.Min(x, y), math.Remainder(x, y), math.Nextafter(x, y))
		}
	}
	fmt.Println(math.Dim(5, 3), math.Dim(3, 5), math.FMA(2, 3, 4), math.FMA(0.1, 10, -1), math.Copysign(3, -0.0), math.Signbit(math.Copysign(0, -1)))
}

func parts() {
	for _, x := range []float64{8, 0.1, -123.456, 5e-324, math.Inf(-1)} {
		fraction, exponent := math.Frexp(x)
		whole, rest := math.Modf(x)
		fmt.Println(fraction, exponent, math.Ldexp(fraction, exponent) == x, whole, rest, math.Ilogb(x))
		fmt.Printf("%#016x %#08x\n", math.Float64bits(x), math.Float32bits(float32(x)))
	}
	sin, cos := math.Sincos(2)
	lgamma, sign := math.Lgamma(-2.5)
	fmt.Println(sin, cos, lgamma, sign, math.Float64frombits(0x3ff8000000000000), math.Float32frombits(0x40490fdb))
	fmt.Println(math.Sin(1e15), math.Cos(-1e22), math.Tan(1e300), math.Jn(2, 3.5), math.Yn(3, 2.5), math.Pow10(-5), math.Erfinv(0.5))
	fmt.Println(math.IsInf(1/zero, 1), math.IsInf(-1/zero, -1), math.IsNaN(zero/zero), math.MaxInt64, uint64(math.MaxUint64))
}

var zero float64

func conversions() {
	for _, f := range []float64{1.9, -1.9, 255.5, 1 << 40, -(1 << 40)} {
		fmt.Println(int(f), int64(f), int32(int64(f)), uint8(int(f)), float32(f), uint64(int64(f)))
	}
	big := int64(1<<53 + 1)
	fmt.Println(float64(big), int64(float64(big)), float32(16777217), uint32(1<<32-1), float64(uint64(1<<63+1<<10+1)))
	var sum32 float32
	var sum64 float64
	for i := 1; i <= 1000; i++ {
		sum32 += 1 / float32(i)
		sum64 += 1 / float64(i)
	}
	fmt.Println(sum32, sum64)
	a, b := 7, -2
	fmt.Println(a/b, a%b, -a/b, -a%b, a&^3, a<<3, -a>>1, uint(1)<<63, int8(-128)/int8(b+1))
}

func main() {
	table()
	pairs()
	parts()
	conversions()
}
