// When operands are read that calls among them change: calls first, in order, then the rest, as in gc.
package main

import (
	"errors"
	"fmt"
	"strings"
	"unsafe"
)

type pair struct{ a, b int }

type big struct {
	n    int
	more [12]int
}

type inner struct{ v int }

func (i inner) get(n int) int             { return i.v*10 + n }
func (i *inner) at(n int) int             { return i.v*10 + n }
func (i inner) all(args ...any) string    { return fmt.Sprint(append([]any{i.v}, args...)...) }
func (i inner) both(a, b int) string      { return fmt.Sprint(i.v, a, b) }
func (i inner) String() string            { return fmt.Sprint("<", i.v, ">") }
func (b big) sum(n int) int               { return b.n*10 + n }
func two(a, b int) int                    { return a*10 + b }
func three(a, b, c int) string            { return fmt.Sprint(a, b, c) }
func anys(args ...any) string             { return fmt.Sprint(args...) }
func ints(args ...int) string             { return fmt.Sprint(args) }
func bigs(b big, n int) string            { return fmt.Sprint(b.n, n) }
func pairs(p pair, n int) string          { return fmt.Sprint(p, n) }
func texts(a string, b int) string        { return fmt.Sprint(a, b) }
func floats(a float64, b int) string      { return fmt.Sprint(a, b) }
func flags(a bool, b int) string          { return fmt.Sprint(a, b) }
func stringers(a fmt.Stringer, b int) any { return fmt.Sprint(a, b) }

// What mod changes.
var (
	x     int
	small int8
	fl    float64
	text  string
	flag  bool
	s     pair
	g     big
	in    inner
	arr   [3]int
	sl    []int
	bytes []byte
	m     map[int]int
	p     *pair
	pi    *inner
	i     any
	str   fmt.Stringer
	fn    func(int) string
	ch    chan int
	e     error
	wide  complex128
)

func reset() {
	x, small, fl, text, flag = 0, 0, 0, "old", false
	s, g, in, arr = pair{}, big{}, inner{}, [3]int{}
	sl, bytes = []int{0, 0, 0}, []byte("old")
	m = map[int]int{0: 0}
	p, pi = &pair{}, &inner{}
	i, str, e = 0, inner{}, errors.New("old")
	fn = func(n int) string { return fmt.Sprint("old ", n) }
	ch = make(chan int, 4)
	for n := range 4 {
		ch <- n
	}
	wide = 0
}

func mod() int {
	x, small, fl, text, flag = 5, 5, 2.5, "new", true
	s, g.n, in, arr = pair{5, 6}, 5, inner{7}, [3]int{5, 6, 7}
	sl[0], bytes[0] = 5, 'n'
	m[0], m[1], m[5] = 5, 6, 55
	p.a, pi.v = 5, 7
	i, str, e = 5, inner{7}, errors.New("new")
	fn = func(n int) string { return fmt.Sprint("new ", n) }
	wide = 5i
	return 0
}

// Makes everything another.
func swap() int {
	mod()
	sl, bytes = []int{8, 9, 10}, []byte("swapped")
	m = map[int]int{0: 8, 5: 88}
	p, pi = &pair{8, 9}, &inner{8}
	ch = make(chan int, 2)
	ch <- 77
	return 1
}

func mods() (int, int) { mod(); return 1, 2 }

func inc() int { x++; return x }

func show(name string, f func() any) {
	reset()
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, "panics:", r, x)
		}
	}()
	fmt.Println(name, f())
}

func arguments() {
	show("variable", func() any { return two(x, mod()) })
	show("sum", func() any { return two(x+1, mod()) })
	show("minus", func() any { return two(-x, mod()) })
	show("not", func() any { return flags(!flag, mod()) })
	show("narrow", func() any { return two(int(int8(x)), mod()) })
	show("widen", func() any { return two(int(small), mod()) })
	show("float", func() any { return floats(float64(x), mod()) })
	show("float sum", func() any { return floats(fl*2, mod()) })
	show("field", func() any { return two(s.a, mod()) })
	show("pointer field", func() any { return two(p.a, mod()) })
	show("pointer field swapped", func() any { return two(p.a, swap()) })
	show("deref", func() any { return pairs(*p, mod()) })
	show("struct", func() any { return pairs(s, mod()) })
	show("large struct", func() any { return bigs(g, mod()) })
	show("struct literal", func() any { return pairs(pair{x, 1}, mod()) })
	show("array element", func() any { return two(arr[x], mod()) })
	show("slice element", func() any { return two(sl[x], mod()) })
	show("slice element swapped", func() any { return two(sl[0], swap()) })
	show("map element", func() any { return two(m[0], mod()) })
	show("map key", func() any { return two(m[x], mod()) })
	show("map element swapped", func() any { return two(m[0], swap()) })
	show("concat", func() any { return texts(text+"!", mod()) })
	show("string of bytes", func() any { return texts(string(bytes), mod()) })
	show("bytes of string", func() any { return anys(string([]byte(text)), mod()) })
	show("index of string", func() any { return two(int(text[0]), mod()) })
	show("length", func() any { return two(len(text+text), mod()) })
	show("length of map", func() any { return two(len(m), mod()) })
	show("slice", func() any { return anys(sl[x:], mod()) })
	show("slice of array", func() any { return anys(arr[x:2], mod()) })
	show("slice of string", func() any { return texts(text[x:], mod()) })
	show("and", func() any { return flags(flag && x == 0, mod()) })
	show("or", func() any { return flags(flag || x == 0, mod()) })
	show("comparison", func() any { return flags(x == 0, mod()) })
	show("string comparison", func() any { return flags(text == "old", mod()) })
	show("struct comparison", func() any { return flags(s == pair{}, mod()) })
	show("interface comparison", func() any { return flags(i == any(0), mod()) })
	show("assertion", func() any { return two(i.(int), mod()) })
	show("assertion to interface", func() any { return stringers(any(str).(fmt.Stringer), mod()) })
	show("min", func() any { return two(min(x, 3), mod()) })
	show("complex", func() any { return floats(imag(wide), mod()) })
	show("receive", func() any { return three(x, <-ch, mod()) })
	show("receive swapped", func() any { return two(swap(), <-ch) })
	show("append", func() any { return anys(append(sl, x), mod()) })
	show("three", func() any { return three(x, mod(), x) })
	show("nested call", func() any { return two(two(x, 1), mod()) })
	show("nested in sum", func() any { return three(x+inc(), x+inc(), x) })
	show("nested in index", func() any { return three(arr[inc()], arr[inc()], x) })
	show("nested literal", func() any { return pairs(pair{x, inc()}, inc()) })
	show("func value", func() any { return fn(mod()) })
	show("literal", func() any { return func(a, b int) int { return a*10 + b }(x, mod()) })
	show("nil pointer", func() any { p = nil; return two(p.a, inc()) })
	show("bad index", func() any { return two(arr[x+len(m)+2], inc()) })
	show("division", func() any { return two(1/x, inc()) })
	show("forwarded", func() any { return in.both(mods()) })
}

func receivers() {
	show("value receiver", func() any { return in.get(mod()) })
	show("pointer receiver", func() any { return pi.at(mod()) })
	show("pointer receiver swapped", func() any { return pi.at(swap()) })
	show("value through pointer", func() any { return pi.get(swap()) })
	show("large receiver", func() any { return g.sum(mod()) })
	show("interface receiver", func() any { return str.String() + fmt.Sprint(mod()) })
	show("method value", func() any { f := in.get; return f(mod()) })
	show("method expression", func() any { return inner.get(in, mod()) })
	show("variadic method", func() any { return in.all(x, mod(), x+1, x > 0) })
	show("error", func() any { return e.Error() + fmt.Sprint(mod()) })
	show("nil receiver", func() any { pi = nil; return pi.get(inc()) })
}

func packs() {
	show("any", func() any { return anys(x, mod()) })
	show("any sum", func() any { return anys(x+1, mod(), x) })
	show("any bool", func() any { return anys(x > 0, mod()) })
	show("any flag", func() any { return anys(flag, !flag, mod()) })
	show("any small", func() any { return anys(small, small+1, mod()) })
	show("any struct", func() any { return anys(s, mod()) })
	show("any struct literal", func() any { return anys(pair{x, 1}, mod()) })
	show("any struct of one", func() any { return anys(struct{ x int }{x}, struct{ t string }{text}, mod()) })
	show("any array literal", func() any { return anys([2]int{x, x}, mod()) })
	show("any slice literal", func() any { return anys([]int{x, x}, mod()) })
	show("any map literal", func() any { return anys(map[int]int{x: x}, mod()) })
	show("any pointer to literal", func() any { return anys(*&pair{x, x}, mod()) })
	show("any text", func() any { return anys(text+"", text, mod()) })
	show("any deref", func() any { return anys(*p, p.a, mod()) })
	show("any conversion", func() any { return anys(any(x), any(s), any(flag), mod()) })
	show("any of map", func() any { return anys(m[0], mod()) })
	show("any complex", func() any { return anys(wide, wide+1, mod()) })
	show("any float", func() any { return anys(fl, -fl, float32(fl), mod()) })
	show("ints", func() any { return ints(x+1, mod(), x) })
	show("spread", func() any { return ints(append(sl, mod())...) })
	show("Sprintf", func() any { return fmt.Sprintf("%v %v %v", x, mod(), s) })
	show("joined", func() any { return strings.Join([]string{text, fmt.Sprint(mod())}, ",") })
}

func literals() {
	show("array literal", func() any { return [2]int{x, mod()} })
	show("struct literal", func() any { return pair{x + 1, mod()} })
	show("keyed literal", func() any { return pair{b: x, a: mod()} })
	show("slice literal", func() any { return []int{x + 1, mod(), x} })
	show("slice of any", func() any { return []any{x > 0, pair{x, x}, x, mod(), x} })
	show("map literal", func() any { return map[int]int{x: mod(), x + 1: x} })
	show("nested literal", func() any { return [2]pair{{x, x + 1}, {mod(), x}} })
	show("pointers", func() any { l := []*pair{{x, 1}, {mod(), x}}; return *l[0] })
	show("large literal", func() any { return big{n: x, more: [12]int{x, mod(), x + inc(), x}} })
	show("literal of maps", func() any { return []map[int]int{{x: x}, {mod(): x}} })
}

func results() {
	show("return", func() any { return fmt.Sprint(func() (int, int) { return x + 1, mod() }()) })
	show("return any", func() any { return fmt.Sprint(func() (any, any, any) { return x > 0, s, mod() }()) })
	show("named results", func() any {
		return fmt.Sprint(func() (a int, b pair) { a = 1; return s.a, pair{a, mod()} }())
	})
}

func assignments() {
	show("assignment", func() any { y, z, w := x, mod(), s.a; return fmt.Sprint(y, z, w) })
	show("assignment of any", func() any { var y any; var z int; y, z = any(x), mod(); return fmt.Sprint(y, z) })
	show("declaration", func() any { var y, z = x + 1, mod(); return fmt.Sprint(y, z) })
	show("to element", func() any { arr[x] = mod(); return arr })
	show("to elements", func() any { arr[x], arr[1] = 9, mod(); return arr })
	show("through pointer", func() any { p.a = swap(); return p.a })
	show("to map", func() any { m[x] = inc(); return fmt.Sprint(m) })
	show("to map twice", func() any { m[x], m[x+1] = inc(), inc(); return fmt.Sprint(m) })
	show("to call's element", func() any { sl[inc()] = x + 1; return sl })
	show("to call's elements", func() any { sl[inc()], sl[x] = x, inc(); return sl })
	show("op", func() any { x += inc(); return x })
	show("op on element", func() any { sl[x] += inc(); return sl })
	show("op on call's element", func() any { sl[inc()] += x + inc(); return sl })
	show("several results", func() any { sl[inc()], x = mods(); return fmt.Sprint(sl, x) })
	show("comma ok", func() any { var ok bool; sl[inc()], ok = m[x]; return fmt.Sprint(sl, ok) })
	show("swap", func() any { sl[0], sl[1] = sl[1]+1, sl[0]+inc(); return sl })
}

func operators() {
	show("plus", func() any { return x + mod() })
	show("plus nested", func() any { return x*2 + (x + (x + mod())) })
	show("field plus", func() any { return s.a + mod() + s.b })
	show("shift", func() any { return 1<<x + mod() })
	show("compare", func() any { return x == mod() })
	show("compare structs", func() any { return s == pair{mod(), x} })
	show("compare any", func() any { return any(x) == any(mod()) })
	show("compare mixed", func() any { return i == mod() })
	show("concat", func() any { return text + fmt.Sprint(mod()) + text })
	show("logic", func() any { return x == 0 && mod() == 0 && x == 5 })
	show("logic operand", func() any { return (x == 0 && flag) == (mod() == 1) })
	show("index", func() any { return sl[mod()] + x })
	show("index of base", func() any { return sl[swap()] })
	show("map index", func() any { return m[mod()+x] })
	show("slice bounds", func() any { return sl[x:inc()] })
	show("slice bounds sum", func() any { return sl[x+0 : inc()] })
	show("slice base", func() any { return sl[mod():] })
	show("string index", func() any { return text[mod()] })
	show("make", func() any { return len(make([]int, x, 6+mod())) })
	show("append", func() any { return append(sl, x, mod(), x) })
	show("append slices", func() any { return append(sl, append(sl, mod())...) })
	show("copy", func() any { return copy(sl, []int{x, mod(), x}) + sl[2] })
	show("delete", func() any { delete(m, mod()); return len(m) })
	show("send", func() any { c := make(chan int, 1); c <- x + mod(); return <-c })
	show("send to", func() any { ch <- swap() - swap(); return len(ch) })
	show("switch", func() any {
		switch x + mod() {
		case x:
			return "x"
		}
		return "none"
	})
	show("complex", func() any { return complex(fl, float64(mod())) })
	show("max", func() any { return max(x, mod(), x-1) })
}

func locals() {
	show("captured", func() any {
		y := 0
		set := keep(func() int { y = 5; return 0 })
		return fmt.Sprint(two(y, set()), two(y+1, set()))
	})
	show("captured struct", func() any {
		y := pair{}
		set := keep(func() int { y = pair{5, 6}; return 0 })
		return anys(y, y.a, y.a+1, set())
	})
	show("captured flag", func() any {
		y := false
		set := keep(func() int { y = true; return 0 })
		return anys(y, !y, y && true, set())
	})
	show("parameter", func() any {
		return func(y int, set func(*int) int) string { return anys(y, y+1, set(&y)) }(0, func(y *int) int { *y = 5; return 0 })
	})
	show("deferred", func() (r any) {
		defer func(a, b int) { r = fmt.Sprint(a, b) }(x+1, mod())
		return nil
	})
	show("deferred method", func() any {
		var got string
		func() {
			defer func(f func(int) int, n int) { got = fmt.Sprint(f(n)) }(in.get, mod())
		}()
		return got
	})
	show("in loops", func() any {
		total := ""
		for n := range 3 {
			total += anys(x, x+n, inc(), x > n)
		}
		return total
	})
	show("generic", func() any { return generic(&x, x+1, mod()) })
	show("sizes", func() any { return sizes(&x) })
}

//go:noinline
func keep(f func() int) func() int { return f }

func generic[T int | string](p *T, a, b T) string { return anys(*p, *p+a, change(p, a), b) }

// What sizes are asked of is never evaluated.
func sizes[T any](p *T) string {
	return anys(x, unsafe.Sizeof(pack[T]{*p, mod()}), unsafe.Alignof(pack[T]{*p, mod()}.n), unsafe.Offsetof(pack[T]{*p, mod()}.n), inc())
}

type pack[T any] struct {
	v T
	n int
}

func change[T any](p *T, v T) T { *p = v; return v }

func main() {
	arguments()
	receivers()
	packs()
	literals()
	results()
	assignments()
	operators()
	locals()
}
