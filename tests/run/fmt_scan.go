// Reading values back: Sscan, Sscanf, Fscanln, a Scanner of our own, and standard input.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// rational scans as 3/4.
type rational struct{ num, den int }

func (r *rational) Scan(state fmt.ScanState, verb rune) error {
	if verb != 'v' && verb != 'r' {
		return fmt.Errorf("bad verb %q", verb)
	}
	token, err := state.Token(true, func(c rune) bool { return c == '/' || c == '-' || '0' <= c && c <= '9' })
	if err != nil {
		return err
	}
	num, den, found := strings.Cut(string(token), "/")
	if !found {
		return errors.New("no slash in " + string(token))
	}
	if _, err := fmt.Sscan(num, &r.num); err != nil {
		return err
	}
	_, err = fmt.Sscan(den, &r.den)
	return err
}

func fromStrings() {
	var (
		i int
		u uint8
		f float64
		s string
		b bool
		c complex128
		r rune
	)
	n, err := fmt.Sscan("42 200 2.5 word true (1+2i)", &i, &u, &f, &s, &b, &c)
	fmt.Println(n, err, i, u, f, s, b, c)
	n, err = fmt.Sscanf("7-abc:0xff", "%d-%3s:%v", &i, &s, &u)
	fmt.Println(n, err, i, s, u)
	n, err = fmt.Sscanf("12345xyz", "%2d%3d%c%s", &i, &u, &r, &s)
	fmt.Println(n, err, i, u, string(r), s)
	n, err = fmt.Sscanf("ff 101 17", "%x %b %o", &i, &u, &r)
	fmt.Println(n, err, i, u, r)
	n, err = fmt.Sscanf(`"quoted text" 50%`, "%q %d%%", &s, &i)
	fmt.Println(n, err, s, i)
	n, err = fmt.Sscan("300", &u)
	fmt.Println(n, err)
	n, err = fmt.Sscan("abc", &i)
	fmt.Println(n, err)
	n, err = fmt.Sscanf("1,2", "%d;%d", &i, &i)
	fmt.Println(n, err)
	n, err = fmt.Sscanln("1\n2", &i, &i)
	fmt.Println(n, err)
	n, err = fmt.Sscan("1", &i, &i)
	fmt.Println(n, err, errors.Is(err, io.ErrUnexpectedEOF))
	var x, y rational
	n, err = fmt.Sscan(" 3/4 -5/6", &x, &y)
	fmt.Println(n, err, x, y)
	n, err = fmt.Sscanf("7/8", "%d", &x)
	fmt.Println(n, err)
	var bytes []byte
	n, err = fmt.Sscanf("hex:6869", "hex:%x", &bytes)
	fmt.Println(n, err, string(bytes))
	n, err = fmt.Sscan("no pointer", s)
	fmt.Println(n, err)
}

func fromInput() {
	in := bufio.NewReader(os.Stdin)
	total := 0.0
	for {
		var name string
		var count int
		var price float64
		n, err := fmt.Fscanln(in, &name, &count, &price)
		if n == 0 {
			fmt.Println("end of table:", err)
			break
		}
		total += float64(count) * price
		fmt.Printf("%-8s %4d %8.2f %v\n", name, count, price, err)
	}
	fmt.Printf("total %.2f\n", total)
	var a, b, c, d int
	fmt.Fscan(in, &a, &b, &c, &d)
	fmt.Println(a, b, c, d)
	var t1, t2, t3 bool
	fmt.Fscan(in, &t1, &t2, &t3)
	fmt.Println(t1, t2, t3)
	var word, quoted, raw string
	n, err := fmt.Fscanf(in, "\n%s %q %q\n", &word, &quoted, &raw)
	fmt.Printf("%d %v %q %q %q\n", n, err, word, quoted, raw)
	n, err = fmt.Fscan(in, &word)
	fmt.Println(n, err)
}

func main() {
	fromStrings()
	fromInput()
}
