// Every verb of package fmt, with flags, widths, precisions, argument indexes and mistakes.
package main

import (
	"fmt"
	"math"
	"os"
)

type point struct {
	X, Y int
	name string
}

type tree struct {
	Left, Right *tree
	Label       string
}

type flags uint8

func integers() {
	for _, n := range []int64{0, 7, -42, 1 << 40, math.MinInt64} {
		fmt.Printf("%d|%+d|%8d|%-8d|%08d|% d\n", n, n, n, n, n, n)
		fmt.Printf("%b|%o|%#o|%O|%x|%X|%#x\n", n, n, n, n, n, n, n)
	}
	fmt.Printf("%c|%q|%U|%#U|%#q\n", 'é', 'é', 'é', '⌘', '\n')
	fmt.Printf("%*d|%-*d|%.*f\n", 6, 12, 6, 12, 2, math.Pi)
	fmt.Printf("%[2]d %[1]d|%[3]*.[2]*[1]f|%d\n", 12, 4, 9)
	fmt.Printf("%.5d|%8.3d|%-8.3d|%+.3d|%x\n", 42, 42, 42, 42, -255)
	fmt.Printf("%d %v %x\n", uint64(math.MaxUint64), uint8(200), uintptr(0xbeef))
}

func floats() {
	for _, f := range []float64{0, 1, -1.5, 123456789, 1e-7, 1e21, math.Inf(1), math.NaN(), math.Copysign(0, -1)} {
		fmt.Printf("%v|%g|%e|%f|%.3f|%8.2f|%-8.2f|%+.1e|%G\n", f, f, f, f, f, f, f, f, f)
	}
	fmt.Printf("%x|%X|%.2x|%b\n", 1.0, -0.375, 3.14159, 2.5)
	fmt.Printf("%08.3f|%+08.3f|% .2f|%#g|%#.3g\n", -3.14159, 2.5, 2.5, 1.0, 100.0)
	fmt.Printf("%v %.2f %g\n", complex(1, -2), complex(0.5, 0.25), complex64(complex(3, 4)))
	fmt.Printf("%6.2f%%\n", 45.678)
}

func texts() {
	fmt.Printf("%s|%q|%x|%X|% x|%#x|%# x\n", "héllo", "héllo\t\"", "hi", "hi", "hi!", "hi", "hi")
	fmt.Printf("%10s|%-10s|%.3s|%10.2s|%+q|%#q|%#q\n", "gopher", "gopher", "gopher", "gopher", "é☺", "raw`tick", "plain")
	fmt.Printf("%s|%q|%v|%x|%d\n", []byte("abc"), []byte("abc"), []byte("abc"), []byte("abc"), []byte("abc"))
	fmt.Printf("%s|%q|%v\n", []string{"a", "b c"}, []string{"a", "b c"}, []string{"a", "b c"})
	fmt.Printf("%05s|%t|%v|%5t|%-7t|\n", "ab", true, false, true, false)
}

func composites() {
	p := point{1, -2, "origin?"}
	fmt.Printf("%v|%+v|%#v|%T\n", p, p, p, p)
	fmt.Printf("%v|%+v|%T\n", &p, &p, &p)
	fmt.Printf("%v %+v %#v\n", []point{{1, 2, "a"}}, [2]bool{true}, []any{1, "x", nil, 2.5})
	fmt.Printf("%v %#v\n", map[string]int{"z": 26, "a": 1, "m": 13}, map[string]int{"b": 2, "a": 1})
	fmt.Printf("%v %#v\n", map[float64]string{math.NaN(): "nan", 1: "one", math.Inf(-1): "low"}, map[bool]flags{true: 1})
	t := &tree{&tree{Label: "leaf"}, nil, "root"}
	fmt.Printf("%+v %v\n", *t.Left, t.Right == nil)
	fmt.Printf("%#v %#v %#v\n", []int(nil), map[int]int(nil), (*point)(nil))
	fmt.Printf("%#v %#v %#v %#v\n", "quoted", 'x', 1.0, struct {
		A int
		B []string
	}{1, []string{"q"}})
	fmt.Printf("%x %X\n", [3]byte{1, 2, 255}, []string{"one", "two"})
	fmt.Printf("%T %T %T %T %T\n", nil, 1i, func(int) error { return nil }, make(chan<- int), struct{ A any }{})
	fmt.Printf("%03d|%6.2f|%v\n", []int{1, 22, 333}, []float64{1, 2.345}, [][]int{{1}, {2, 3}, nil})
	fmt.Printf("%d|%s|%v|%x\n", flags(5), error(nil), any(nil), any(flags(171)))
}

func mistakes() {
	format := "%d %d\n"
	fmt.Printf(format, 1)
	fmt.Printf(format, 1, 2, 3)
	for _, bad := range []string{"%!", "%z", "%d", "%[5]d", "%[x]d", "%.[2]d", "%-", "%"} {
		fmt.Printf("<"+bad+">\n", "arg")
	}
	verb := "%s|%t|%c|%p\n"
	fmt.Printf(verb, 12, "no", 1.5, 7)
	star := "%*d\n"
	fmt.Printf(star, "wide", 3)
}

func main() {
	integers()
	floats()
	texts()
	composites()
	mistakes()
	fmt.Println("sum", 1, 2, "three", 4.0, true, nil, []string{"x"})
	fmt.Print("a", 1, 2, "b", 3.5, 'c', "\n")
	s := fmt.Sprintln("kept", 1) + fmt.Sprint("x", "y", 1, 2)
	fmt.Fprintf(os.Stdout, "%q %d\n", s, len(fmt.Appendf(nil, "%5d", 3)))
}
