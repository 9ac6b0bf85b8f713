// Method values and expressions, promoted ones too; builtins fed by calls; labels; comparisons; conversions.
package main

import (
	"fmt"
	"math"
	"unsafe"
)

type A struct{ n int }

func (a A) Get() int       { return a.n }
func (a *A) Set(n int) int { a.n = n; return n }

type I interface{ Get() int }

type B struct {
	*A
	I2
}
type I2 interface{ Other(string) string }
type other string

func (o other) Other(s string) string { return string(o) + s }

type C struct {
	B
	big [20]int
}
type G[T any] struct{ v T }

func (g G[T]) Get() T   { return g.v }
func (g *G[T]) Put(v T) { g.v = v }

func two() (int, int)                { return 3, 1 }
func floats() (float64, float64)     { return math.NaN(), 1 }
func strs() (string, string)         { return "b", "a" }
func slices() ([]int, int)           { return []int{1}, 2 }
func unsafes() (*int, int)           { x := [3]int{7, 8, 9}; return &x[0], 3 }
func maps() (map[string]int, string) { return map[string]int{"k": 1}, "k" }
func bs() ([]byte, string)           { return make([]byte, 2), "xyz" }

type blank struct {
	a int
	_ int
	b string
}
type e0 struct{}
type cmp struct {
	i any
	f float64
	a [2]string
}

func eq(x, y any) (r string) {
	defer func() {
		if e := recover(); e != nil {
			r = fmt.Sprint(e)
		}
	}()
	return fmt.Sprint(x == y)
}

func fall(n int) (s string) {
	switch n {
	case 0:
		s += "0"
		goto L
	L:
		fallthrough
	case 1:
		s += "1"
	case 2:
		s += "2"
		if n == 2 {
			break
		}
		fallthrough
	default:
		if len(s) < 3 {
			s += "d"
			if s == "d" {
				n = 5
			}
		}
		_ = n
		if false {
			goto N
		}
	N:
	}
	if s == "" {
		goto P
	}
P:
	return s
}

func gotos(n int) (k int) {
	i := 0
loop:
	if i < n {
		k += i
		i++
		goto loop
	}
	for {
		switch {
		case k > 100:
			goto out
		default:
			k *= 3
			k++
			continue
		}
	}
out:
	return
}

func shifts(x int64, u uint8, n uint, s int) (r []any) {
	defer func() {
		if e := recover(); e != nil {
			r = append(r, e)
		}
	}()
	r = append(r, x<<n, x>>n, u<<n, u>>n, uint32(u)<<(n&31), int8(u)>>n, ^u, -int8(u))
	r = append(r, x>>s)
	return r
}

func complexes(a, b complex128) []complex128 { return []complex128{a * b, a / b, a / 0, -a, a + b} }

type tagged1 struct {
	X int `json:"x"`
}
type tagged2 struct {
	X int `json:"y"`
}

const big = 1 << 100

const (
	c0 = iota * 10
	c1
	_
	c3
)

func main() {
	a := &A{1}
	c := C{B: B{A: a, I2: other("o")}}
	f1, f2, f3 := c.Get, c.Set, c.Other
	a.n = 5
	fmt.Println(f1(), f2(9), f3("x"), c.Get())
	fmt.Println(C.Get(c), (*C).Set(&c, 4), B.Other(c.B, "y"), (*C).Other(&c, "z"), I.Get(c), I2.Other(c, "w"))
	g := &G[string]{"g"}
	get, put := g.Get, g.Put
	put("h")
	fmt.Println(get(), G[string].Get(*g), g.v)
	(*G[string]).Put(g, "i")
	fmt.Println(g.v)

	fmt.Println(min(two()), max(two()), min(floats()), max(strs()), append(slices()), complex(floats()))
	fmt.Println(unsafe.Slice(unsafes()), copy(bs()))
	delete(maps())
	fmt.Println(min(math.Copysign(0, -1), 0), max(math.Inf(1), math.NaN()), min("b", "a", "c"), max(3, 7, 5))

	x, y := blank{1, 2, "s"}, blank{1, 3, "s"}
	fmt.Println(x == y, [2]blank{x, y} == [2]blank{y, x}, e0{} == e0{}, [0]int{} == [0]int{})
	fmt.Println(eq(cmp{i: 1}, cmp{i: 1}), eq(cmp{f: math.NaN()}, cmp{f: math.NaN()}), eq(cmp{i: []int{}}, cmp{i: []int{}}), eq(x, 1))
	var i I = a
	fmt.Println(i == a, i == I(&A{4}), any(1) == any(1.0), any("a") == "a")

	for n := range 4 {
		fmt.Print(fall(n), " ")
	}
	fmt.Println(gotos(5))
	fmt.Println(shifts(-5, 200, 3, 1), shifts(1, 129, 70, -1))
	fmt.Println(complexes(1+2i, 3-4i))
	s := []int{1, 2, 3, 4}
	p := (*[2]int)(s)
	p[0] = 10
	fmt.Println([4]int(s), *p, (*[0]int)(nil) == nil, (*[0]int)([]int{}) != nil, tagged2(tagged1{3}), c1, c3, big>>98)
	func() {
		defer func() { fmt.Println(recover()) }()
		_ = [5]int(s)
	}()
	fmt.Println(string([]byte{65, 66}), []rune("é"), string(rune(233)), string([]rune{0x10ffff + 1}))
	n := math.MinInt64
	m := -1
	fmt.Println(n/m, n%m, uint8(s[1]*200), int8(s[2]*100), uint32(1<<32-1)+uint32(s[0]))
	type T struct {
		a byte
		b int64
		c [3]int16
	}
	t := [3]T{1: {b: 2}}
	q := (*T)(unsafe.Add(unsafe.Pointer(&t[2]), -int(unsafe.Sizeof(T{}))))
	fmt.Println(q.b, unsafe.Offsetof(q.c), unsafe.String(unsafe.StringData("hey"), 2), *unsafe.SliceData(s))
	clear(s)
	fmt.Println(s, *new(*A) == nil)
	var bigArray [1 << 16]int
	bigArray[1<<16-1] = 3
	copied := bigArray
	copied[0] = 1
	fmt.Println(bigArray[0], copied[1<<16-1], bigArray == copied)
	ch := make(chan int, 3)
	ch <- 1
	var nilch chan int
	fmt.Println(len(ch), cap(ch), len(nilch), cap(nilch))
}
