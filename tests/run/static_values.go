// Package variables as static data: composites, pointers, interfaces, functions; what is not constant is filled in.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
)

type entry struct {
	name string
	f    func(int) int
	next *entry
	any  any
}

type point struct{ x, y int }

func (p point) String() string  { return fmt.Sprintf("<%d %d>", p.x, p.y) }
func (p *point) Move(d int) int { p.x += d; return p.x }
func (p point) Add(d int) int   { return p.x + d }
func double(x int) int          { return 2 * x }
func generic[T any](x T) string { return fmt.Sprintf("%T", x) }

var (
	counter = 7
	numbers = [...]int{5: 50, 1: 10, 2: counter, 9: 90}
	entries = []*entry{
		{"double", double, nil, 1},
		{name: "literal", f: func(x int) int { return x + 100 }, any: "text"},
		{any: point{1, 2}, next: &entry{name: "inner", any: &point{3, 4}}},
		{any: errors.New("dynamic"), name: os.DevNull},
		{any: []int{1, 2, 3}, f: func(x int) int { counter++; return counter }},
	}
	stringers             = []fmt.Stringer{point{5, 6}, &point{7, 8}, nil}
	global                = point{100, 200}
	toGlobal              = &global
	toField               = &global.y
	toElement             = &numbers[5]
	part                  = numbers[2:6:8]
	whole                 = numbers[:]
	bytes                 = []byte("bytes")
	nested                = [][]string{{"a", "b"}, nil, {}, {3: "c"}}
	methodExpr            = point.Add
	pointerExpr           = (*point).Move
	bound                 = toGlobal.Move
	instance              = generic[float64]
	byKind                = map[string]func(int) int{"double": double, "inc": func(x int) int { return x + 1 }}
	fresh                 = new(point)
	valued                = [2]any{int8(-3), complex(1, 2)}
	iface       io.Reader = (*os.File)(nil)
	chained     any       = fmt.Stringer(point{9, 9})
	anon                  = struct {
		a [3]byte
		b string
		c *int
	}{[3]byte{1, 2, 3}, "b", &counter}
	zeroSize any = struct{}{}
	self     node
	ring     = &node{&other, 2}
	other    = node{&self, 3}
	table    = [...]struct {
		lo, hi uint16
		name   string
	}{{1, 2, "x"}, {3, 4, "y"}, {5, 6, fmt.Sprint("z", len(os.Args) > 99)}, {7, 8, "w"}}
)

type node struct {
	next *node
	n    int
}

func local(n int) ([]int, [8]string, []any) {
	return []int{1, 2, 3, n, 5, 6}, [8]string{"a", "b", 3: "d", 4: fmt.Sprint(n), 7: "h"}, []any{1, "s", n, 2.5, nil, point{n, 1}}
}

func main() {
	fmt.Println(numbers)
	for i, e := range entries {
		fmt.Print(i, " ", e.name, " ", e.any)
		if e.f != nil {
			fmt.Print(" ", e.f(10))
		}
		if e.next != nil {
			fmt.Print(" ", e.next.name, e.next.any)
		}
		fmt.Println()
	}
	fmt.Println(stringers[0], stringers[1], stringers[2])
	*toField++
	*toElement++
	part = append(part, 1000)
	whole[0] = 77
	fmt.Println(global, *toGlobal, numbers, len(part), cap(part), len(whole))
	bytes[0] = 'B'
	fmt.Println(string(bytes), nested, len(nested[2]), nested[2] == nil, nested[1] == nil)
	fmt.Println(methodExpr(global, 1), pointerExpr(&global, 2), bound(3), instance(1))
	fmt.Println(byKind["double"](4), byKind["inc"](4), *fresh, valued, iface == nil, chained, anon.a, anon.b, *anon.c)
	fmt.Println(zeroSize, ring.next == &other, ring.next.next == &self, table)
	fmt.Println(local(4))
	fmt.Println(local(5))
}
