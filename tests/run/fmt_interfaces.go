// What a value can say about its own formatting: Stringer, GoStringer, Formatter, error, and panics inside them.
package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

type D int

func (d D) String() string { return "D(" + strconv.Itoa(int(d)) + ")" }

type celsius float64

func (c celsius) String() string { return fmt.Sprintf("%.1f°C", float64(c)) }

type secret string

func (secret) String() string   { return "***" }
func (secret) GoString() string { return "secret(…)" }

type money struct {
	units int64
	code  string
}

func (m money) Format(s fmt.State, verb rune) {
	width, hasWidth := s.Width()
	precision, hasPrecision := s.Precision()
	switch verb {
	case 'v', 's':
		text := fmt.Sprintf("%d.%02d", m.units/100, m.units%100)
		if s.Flag('+') {
			text = "+" + text
		}
		if s.Flag('#') {
			text = m.code + " " + text
		}
		if hasWidth && len(text) < width {
			pad := strings.Repeat(" ", width-len(text))
			if s.Flag('-') {
				text += pad
			} else {
				text = pad + text
			}
		}
		fmt.Fprint(s, text)
	default:
		fmt.Fprintf(s, "%%!%c(money %d %v %d %v)", verb, width, hasWidth, precision, hasPrecision)
	}
}

type pointerStringer struct{ n int }

func (p *pointerStringer) String() string { return "ptr:" + strconv.Itoa(p.n) }

type failing struct{ cause any }

func (f failing) String() string { panic(f.cause) }

type nilSafe struct{}

func (n *nilSafe) Error() string {
	if n == nil {
		return "nil but fine"
	}
	return "error text"
}

type derefs struct{ name string }

func (d *derefs) String() string { return d.name }

type temperatures []celsius

type weekday int

const (
	monday weekday = iota
	tuesday
)

func (w weekday) String() string {
	switch w {
	case monday:
		return "Mon"
	case tuesday:
		return "Tue"
	}
	return fmt.Sprintf("weekday(%d)", int(w))
}

func main() {
	fmt.Println(struct{ F D }{3})
	fmt.Println(struct{ f D }{3}, []D{1, 2}, map[D]D{5: 6}, [1]any{D(9)})
	fmt.Printf("%v %d %s %x %q %#v %T\n", D(4), D(4), D(4), D(4), D(4), D(4), D(4))
	fmt.Printf("%v %.3f %s %6.1f\n", celsius(36.6), celsius(36.6), temperatures{1, -2.25}, celsius(-40))
	fmt.Printf("%v %+v %#v %q %x\n", secret("pw"), struct{ S secret }{"pw"}, struct{ S secret }{"pw"}, secret("pw"), secret("pw"))
	price := money{123456, "EUR"}
	fmt.Printf("[%v] [%+v] [%#v] [%12s] [%-12s] [%8.3d]\n", price, price, price, price, price, price)
	fmt.Println(price, []money{{5, "USD"}, {100, "USD"}})
	p := pointerStringer{7}
	fmt.Println(p, &p, []*pointerStringer{&p}[0], struct{ P *pointerStringer }{nil})
	fmt.Printf("%v|%s\n", failing{"boom"}, failing{errors.New("wrapped boom")})
	fmt.Printf("%v|%d\n", failing{D(8)}, failing{1})
	var missing *nilSafe
	var noName *derefs
	fmt.Println(missing, &nilSafe{}, noName)
	fmt.Printf("%v %s %+v %d\n", monday, tuesday, weekday(9), tuesday)
	fmt.Printf("%v\n", map[weekday][]weekday{tuesday: {monday}, monday: nil})
	err := fmt.Errorf("outer %w at %d", &nilSafe{}, 3)
	fmt.Println(err, errors.Unwrap(err))
	fmt.Printf("%v %s %q\n", err, err, err)
	two := fmt.Errorf("%w and %w", errors.New("one"), errors.New("two"))
	list, ok := two.(interface{ Unwrap() []error })
	fmt.Println(two, ok, len(list.Unwrap()))
	fmt.Println(fmt.FormatString(state{}, 'v'))
}

type state struct{}

func (state) Write(b []byte) (int, error) { return len(b), nil }
func (state) Width() (int, bool)          { return 8, true }
func (state) Precision() (int, bool)      { return 2, true }
func (state) Flag(c int) bool             { return c == '+' || c == '-' }
