// Generic arithmetic: constraints with cores and methods, matrices, polynomials, generic aliases and inference.
package main

import (
	"fmt"
	"math"
	"strconv"
)

type signed interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64
}
type unsigned interface {
	~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}
type float interface{ ~float32 | ~float64 }
type number interface{ signed | unsigned | float }

type ring[T any] interface {
	Add(T) T
	Mul(T) T
	fmt.Stringer
}

type modular uint64

const modulus = 1_000_000_007

func (m modular) Add(n modular) modular { return (m + n) % modulus }
func (m modular) Mul(n modular) modular { return m * n % modulus }
func (m modular) String() string        { return strconv.FormatUint(uint64(m), 10) }

type gauss struct{ re, im int }

func (g gauss) Add(h gauss) gauss { return gauss{g.re + h.re, g.im + h.im} }
func (g gauss) Mul(h gauss) gauss { return gauss{g.re*h.re - g.im*h.im, g.re*h.im + g.im*h.re} }
func (g gauss) String() string    { return fmt.Sprintf("%d%+di", g.re, g.im) }

type matrix[T ring[T]] [2][2]T

func (m matrix[T]) Mul(n matrix[T]) (product matrix[T]) {
	for i := range 2 {
		for j := range 2 {
			product[i][j] = m[i][0].Mul(n[0][j]).Add(m[i][1].Mul(n[1][j]))
		}
	}
	return product
}

func (m matrix[T]) Add(n matrix[T]) (sum matrix[T]) {
	for i := range m {
		for j := range m[i] {
			sum[i][j] = m[i][j].Add(n[i][j])
		}
	}
	return sum
}

func (m matrix[T]) String() string { return fmt.Sprint(m[0], m[1]) }

func power[T interface{ Mul(T) T }](base T, n uint, one T) T {
	for result := one; ; base, n = base.Mul(base), n>>1 {
		if n&1 == 1 {
			result = result.Mul(base)
		}
		if n <= 1 {
			return result
		}
	}
}

func sum[S ~[]T, T number](values S) (total T) {
	for _, v := range values {
		total += v
	}
	return total
}

func convert[To, From number](values []From) []To {
	out := make([]To, len(values))
	for i, v := range values {
		out[i] = To(v)
	}
	return out
}

func limits[T signed | unsigned]() (low, high T) {
	zero := T(0)
	if ones := ^zero; ones > 0 {
		return 0, ones
	}
	for bit := T(1); bit > 0; bit <<= 1 {
		high |= bit
	}
	return ^high, high
}

func polynomial[T number](coefficients ...T) func(T) T {
	return func(x T) (y T) {
		for _, c := range coefficients {
			y = y*x + c
		}
		return y
	}
}

func newton[F float](f, slope func(F) F, x F) F {
	for range 50 {
		x -= f(x) / slope(x)
	}
	return x
}

type pair[A, B any] struct {
	first  A
	second B
}
type same[T any] = pair[T, T]
type celsius float32
type readings []celsius

func apply[A, B any, F ~func(A) B](f F, values ...A) (out []B) {
	for _, v := range values {
		out = append(out, f(v))
	}
	return out
}

func length[T ~string | ~[]byte](text T) (n int) {
	for i := range len(text) {
		if text[i] != ' ' {
			n++
		}
	}
	return n
}

func kind[T any](value T) string {
	switch any(value).(type) {
	case int, celsius:
		return "number"
	case same[T], []T:
		return "never"
	case fmt.Stringer:
		return "stringer"
	}
	return fmt.Sprintf("other %T", value)
}

func main() {
	fibonacci := matrix[modular]{{1, 1}, {1, 0}}
	identity := matrix[modular]{{1, 0}, {0, 1}}
	fmt.Println(power(fibonacci, 90, identity)[0][1], power(fibonacci, 1_000_000, identity), power(modular(3), modulus-1, 1))
	rotate := matrix[gauss]{{{0, 1}, {1, 0}}, {{0, 0}, {2, -1}}}
	fmt.Println(rotate.Mul(rotate).Add(rotate), power(gauss{1, 1}, 9, gauss{1, 0}))
	nested := matrix[matrix[modular]]{{fibonacci, identity}, {identity, fibonacci}}
	fmt.Println(nested.Mul(nested))
	fmt.Println(sum([]int8{100, 27, 1}), sum(readings{1.5, 2.25}), sum([]uint16(nil)), fmt.Sprintf("%T", sum(readings{})))
	fmt.Println(convert[uint8]([]int{1, 255, 256, -1}), convert[float32]([]int64{1 << 24, 1<<24 + 1}), convert[int16]([]float64{1.9, -1.9, 32767}))
	fmt.Println(limits[int8]())
	fmt.Println(limits[uint32]())
	fmt.Println(limits[int64]())
	fmt.Println(polynomial(1, 2, 3)(10), polynomial[uint8](1, 0, 0)(17), polynomial(0.5, -1)(3), polynomial[celsius](2, 0.5)(1.25))
	root := newton(func(x float64) float64 { return x*x - 2 }, func(x float64) float64 { return 2 * x }, 1)
	single := newton(func(x float32) float32 { return x*x - 2 }, func(x float32) float32 { return 2 * x }, 1)
	fmt.Println(root == math.Sqrt2, root, single)
	fmt.Println(apply(strconv.Itoa, 1, 2), apply(math.Sqrt, 4, 9), apply(func(p same[int]) int { return p.first * p.second }, same[int]{3, 4}))
	fmt.Println(length("a b c"), length([]byte("  ")), kind(1), kind(celsius(1)), kind(modular(2)), kind("s"), kind(same[string]{"a", "b"}))
	fmt.Printf("%T %T %v\n", same[pair[int, error]]{}, nested, pair[string, []modular]{"p", []modular{5}})
}
