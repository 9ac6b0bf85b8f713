// Arbitrary precision: pi, primes, fractions, modular powers and roots with math/big.
package main

import (
	"fmt"
	"math/big"
)

// pi gives digits after the point by Machin's formula, in integers.
func pi(digits int) string {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits+10)), nil)
	arctan := func(x int64) *big.Int {
		term := new(big.Int).Div(scale, big.NewInt(x))
		sum := new(big.Int).Set(term)
		square := big.NewInt(x * x)
		for n := int64(3); term.Sign() != 0; n += 2 {
			term.Div(term, square).Neg(term)
			sum.Add(sum, new(big.Int).Quo(term, big.NewInt(n)))
			if new(big.Int).Abs(term).Cmp(big.NewInt(n)) < 0 {
				break
			}
		}
		return sum
	}
	result := new(big.Int).Mul(arctan(5), big.NewInt(16))
	result.Sub(result, new(big.Int).Mul(arctan(239), big.NewInt(4)))
	return result.Quo(result, new(big.Int).Exp(big.NewInt(10), big.NewInt(10), nil)).String()
}

func fibonacci(n int) *big.Int {
	a, b := big.NewInt(0), big.NewInt(1)
	for range n {
		a.Add(a, b)
		a, b = b, a
	}
	return a
}

func integers() {
	x, ok := new(big.Int).SetString("123456789012345678901234567890", 10)
	y, _ := new(big.Int).SetString("-ff00ff00ff00ff00ff", 16)
	fmt.Println(x, ok, y, x.Cmp(y), x.BitLen(), y.Sign(), x.TrailingZeroBits())
	q, r := new(big.Int).QuoRem(y, big.NewInt(1000007), new(big.Int))
	d, m := new(big.Int).DivMod(y, big.NewInt(1000007), new(big.Int))
	fmt.Println(q, r, d, m)
	fmt.Printf("%x %X %#o %+d %40d|%b\n", x, y, big.NewInt(64), big.NewInt(5), x, big.NewInt(10))
	fmt.Println(new(big.Int).And(x, y), new(big.Int).Or(x, y), new(big.Int).Xor(x, y), new(big.Int).Not(x), new(big.Int).AndNot(x, y))
	fmt.Println(new(big.Int).Lsh(x, 100), new(big.Int).Rsh(y, 20), new(big.Int).Sqrt(x), x.Text(36), x.Bit(3))
	a, b := new(big.Int), new(big.Int)
	g := new(big.Int).GCD(a, b, big.NewInt(240), big.NewInt(46))
	fmt.Println(g, a, b, new(big.Int).ModInverse(big.NewInt(3), big.NewInt(11)), new(big.Int).Exp(big.NewInt(3), x, big.NewInt(1000000007)))
	mersenne := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 521), big.NewInt(1))
	fmt.Println(mersenne.ProbablyPrime(10), new(big.Int).Add(mersenne, big.NewInt(2)).ProbablyPrime(10), big.Jacobi(big.NewInt(5), big.NewInt(21)))
	fmt.Println(fibonacci(300), new(big.Int).Binomial(100, 50), new(big.Int).MulRange(1, 25))
	long := new(big.Int).Exp(big.NewInt(7), big.NewInt(5000), nil)
	text := long.String()
	back, _ := new(big.Int).SetString(text, 10)
	fmt.Println(len(text), text[:20], back.Cmp(long), len(long.Bytes()))
	square := new(big.Int).Mul(long, long)
	fmt.Println(new(big.Int).Div(square, long).Cmp(long), new(big.Int).Mod(square, big.NewInt(998244353)))
}

func fractions() {
	sum := new(big.Rat)
	for n := int64(1); n <= 20; n++ {
		sum.Add(sum, big.NewRat(1, n))
	}
	f, exact := sum.Float64()
	fmt.Println(sum, sum.FloatString(30), f, exact, sum.Num(), sum.Denom())
	r, ok := new(big.Rat).SetString("-3.125e-2")
	fmt.Println(r, ok, r.Sign(), new(big.Rat).Inv(r), new(big.Rat).Quo(r, big.NewRat(5, 7)), r.Cmp(big.NewRat(-1, 32)), r.IsInt())
	fmt.Println(new(big.Rat).SetFloat64(0.1), big.NewRat(10, -4).RatString(), big.NewRat(6, 3).RatString())
}

func floats() {
	two := new(big.Float).SetPrec(200).SetInt64(2)
	root := new(big.Float).Sqrt(two)
	fmt.Println(root.Text('f', 50), root.Prec(), root.Mode(), root.MinPrec())
	third := new(big.Float).SetPrec(100).Quo(big.NewFloat(1), big.NewFloat(3))
	fmt.Printf("%.40f %g %v %s\n", third, third, third.Acc(), third.Text('p', 0))
	f, _, err := big.ParseFloat("1.5e1000", 10, 64, big.ToZero)
	i, accuracy := f.Int(nil)
	fmt.Println(f, err, i.BitLen(), accuracy, f.IsInf(), f.MantExp(nil))
	small, accuracy := big.NewFloat(2.75).Int64()
	fmt.Println(small, accuracy, big.NewFloat(-1).Cmp(big.NewFloat(1)), new(big.Float).Mul(third, third).Text('e', 20))
	defer func() { fmt.Println("recovered:", recover()) }()
	new(big.Int).Div(big.NewInt(1), new(big.Int))
}

func main() {
	fmt.Println(pi(200))
	integers()
	fractions()
	floats()
}
