// Numbers to text and back, at the edges of each type, and quoting.
package main

import (
	"fmt"
	"math"
	"strconv"
)

func ints() {
	for _, text := range []string{"0", "-0", "+7", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "", "12a", "0x1F", "1_000", "0b11", "017", "0o17"} {
		n, err := strconv.ParseInt(text, 10, 64)
		m, err2 := strconv.ParseInt(text, 0, 64)
		fmt.Printf("%q: %d %v; %d %v\n", text, n, err, m, err2)
	}
	for _, bits := range []int{8, 16, 32} {
		n, err := strconv.ParseInt("-40000", 10, bits)
		u, err2 := strconv.ParseUint("70000", 10, bits)
		fmt.Println(bits, n, err, u, err2)
	}
	for base := 2; base <= 36; base += 7 {
		text := strconv.FormatInt(-1234567, base)
		back, err := strconv.ParseInt(text, base, 32)
		fmt.Println(base, text, back, err)
	}
	_, err := strconv.ParseInt("1", 1, 0)
	_, err2 := strconv.ParseUint("-1", 10, 64)
	_, err3 := strconv.ParseInt("1", 10, 65)
	fmt.Println(err, err2, err3)
	n, err := strconv.Atoi("x")
	fmt.Println(n, err, strconv.Itoa(-0), strconv.FormatUint(math.MaxUint64, 36))
}

func floats() {
	values := []float64{0, 1, -1, 0.1, 1.0 / 3, 1e100, 5e-324, math.MaxFloat64, math.SmallestNonzeroFloat64, 123456.789, 1e21, 1e20, math.Inf(-1), math.NaN(), 2.2250738585072014e-308}
	for _, f := range values {
		shortest := strconv.FormatFloat(f, 'g', -1, 64)
		back, err := strconv.ParseFloat(shortest, 64)
		same := back == f || math.IsNaN(back) && math.IsNaN(f)
		fmt.Println(shortest, strconv.FormatFloat(f, 'e', 5, 64), strconv.FormatFloat(f, 'f', 3, 64), strconv.FormatFloat(f, 'x', -1, 64), strconv.FormatFloat(f, 'b', -1, 64), same, err)
	}
	for _, text := range []string{"1e400", "-1e400", "1e-400", ".5", "5.", "1e", "0x1p-2", "0x1.8p1", "inf", "-Infinity", "nan", "1_0.5", "0x1_0p0", "179769313486231570814527423731704356798070e267", "4.9406564584124654e-324", "1.7976931348623159e308"} {
		f, err := strconv.ParseFloat(text, 64)
		g, err32 := strconv.ParseFloat(text, 32)
		fmt.Println(text, f, err, float32(g), err32)
	}
	fmt.Println(strconv.FormatFloat(0.1, 'g', -1, 32), strconv.FormatFloat(float64(float32(0.1)), 'g', -1, 64), strconv.FormatFloat(2.5, 'f', 0, 64), strconv.FormatFloat(3.5, 'f', 0, 64))
	c, err := strconv.ParseComplex("3-4i", 128)
	d, err2 := strconv.ParseComplex("i+1", 64)
	fmt.Println(c, err, d, err2, strconv.FormatComplex(complex(1, -0.5), 'f', 2, 128))
}

func quoting() {
	for _, s := range []string{"plain", "tab\there", "quote\"d", "new\nline", "bell\a nul\x00", "é ☺ \u2028", "bad\xff", "back`tick", "\U0010ffff"} {
		fmt.Println(strconv.Quote(s), strconv.QuoteToASCII(s), strconv.QuoteToGraphic(s), strconv.CanBackquote(s))
	}
	for _, q := range []string{`"a\tb"`, "`raw\\n`", `'x'`, `"\u00e9\x41\101"`, `"unterminated`, `"bad \q"`, `''`, `'ab'`, `"\ud800"`} {
		s, err := strconv.Unquote(q)
		fmt.Printf("%s %q %v\n", q, s, err)
	}
	prefix, err := strconv.QuotedPrefix("\"lead\" and more")
	fmt.Println(prefix, err, strconv.QuoteRune('☺'), strconv.QuoteRuneToASCII('☺'), strconv.QuoteRune('\''))
	r, multi, tail, err := strconv.UnquoteChar(`\u263arest`, '"')
	fmt.Println(string(r), multi, tail, err, strconv.IsPrint('\u00ad'), strconv.IsGraphic('\u3000'))
}

func main() {
	ints()
	floats()
	quoting()
	for _, text := range []string{"1", "t", "TRUE", "False", "0", "yes"} {
		b, err := strconv.ParseBool(text)
		fmt.Print(b, " ", err, "; ")
	}
	line := strconv.AppendInt(nil, 42, 2)
	line = strconv.AppendBool(append(line, ' '), true)
	line = strconv.AppendQuote(append(line, ' '), "q")
	line = strconv.AppendFloat(append(line, ' '), 1.5, 'e', -1, 32)
	fmt.Println(string(line))
}
