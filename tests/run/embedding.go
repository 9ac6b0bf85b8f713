// Methods and interfaces: embedding, promotion, shadowing, type switches, comparison, assertion between interfaces.
package main

import (
	"fmt"
	"io"
	"sort"
	"strings"
)

type animal interface {
	Name() string
	Sound() string
}
type walker interface {
	animal
	Legs() int
}
type base struct{ name string }

func (b base) Name() string             { return b.name }
func (b base) Sound() string            { return "..." }
func (b *base) Rename(name string)      { b.name = name }
func (b base) Describe(a animal) string { return b.Name() + "/" + a.Name() + " says " + a.Sound() }

type dog struct {
	base
	legs int
}

func (d dog) Sound() string { return "woof" }
func (d dog) Legs() int     { return d.legs }

type puppy struct {
	*dog
	toys []string
}

func (p puppy) Sound() string { return strings.ToUpper(p.dog.Sound()) + "!" }

type robot struct {
	walker
	fmt.Stringer
	version float64
}

type version string

func (v version) String() string { return "v" + string(v) }

type left struct{ shared int }
type right struct{ shared int }
type both struct {
	left
	right
	own int
}

type counting struct {
	io.Writer
	n int
}

func (c *counting) Write(p []byte) (int, error) {
	c.n += len(p)
	return c.Writer.Write(p)
}

type reversed struct{ sort.Interface }

func (r reversed) Less(i, j int) bool { return r.Interface.Less(j, i) }

type level uint8
type levels [3]level
type tree struct {
	kids []*tree
	name string
}

func kind(v any) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case bool, int8:
		return fmt.Sprintf("bool or int8 %v", v)
	case level:
		return fmt.Sprint("level ", v+1)
	case error:
		return "error " + v.Error()
	case walker:
		return "walker " + fmt.Sprint(v.Legs())
	case fmt.Stringer:
		return "stringer " + v.String()
	case func(int) int:
		return fmt.Sprint("func ", v(2))
	case []any:
		return fmt.Sprint("list of ", len(v))
	case map[string]*tree, *tree:
		return fmt.Sprintf("%T", v)
	case struct{ X, Y int }:
		return fmt.Sprint("point ", v.X+v.Y)
	case chan<- int:
		return "send channel"
	case levels:
		return fmt.Sprint("array ", v[2])
	}
	return fmt.Sprintf("other %T", v)
}

func main() {
	d := dog{base{"rex"}, 4}
	p := puppy{&d, nil}
	p.Rename("spot")
	r := robot{p, version("2"), 2.5}
	for _, a := range []animal{d, &d, p, r, base{"thing"}} {
		_, walks := a.(walker)
		_, renames := a.(interface{ Rename(string) })
		fmt.Println(a.Name(), a.Sound(), walks, renames)
	}
	fmt.Println(p.Describe(p), r.String(), r.Legs(), d.base.Sound())
	for _, v := range []any{nil, true, int8(3), level(4), fmt.Errorf("e"), d, version("x"), func(n int) int { return n * n }, []any{1, 2}, &tree{}, map[string]*tree{}, struct{ X, Y int }{1, 2}, make(chan<- int), make(chan int), levels{1, 2, 3}, 1.5} {
		fmt.Print(kind(v), "; ")
	}
	fmt.Println()
	b := both{left{1}, right{2}, 3}
	b.left.shared += b.right.shared
	fmt.Println(b, b == both{left{3}, right{2}, 3})
	var out strings.Builder
	c := &counting{Writer: &out}
	fmt.Fprintf(io.MultiWriter(c, c), "%05d", 42)
	fmt.Println(out.String(), c.n)
	words := []string{"b", "c", "a"}
	sort.Sort(reversed{reversed{reversed{sort.StringSlice(words)}}})
	fmt.Println(words)
	var x, y any = level(1), uint8(1)
	var e1, e2 error
	var none *counting
	var w io.Writer = none
	fmt.Println(x == y, x == any(level(1)), e1 == e2, w == nil, w.(*counting) == nil, any(d) == any(dog{base{"spot"}, 4}), any(&d) == any(p.dog))
	set := map[any]string{1: "int", int64(1): "int64", "1": "string", 1.0: "float", level(1): "level", [2]any{1, "x"}: "array", d: "dog"}
	fmt.Println(len(set), set[int64(1)], set[[2]any{1, "x"}], set[dog{base{"spot"}, 4}], set[uint(1)] == "")
	f, g := (*base).Rename, walker.Legs
	f(&d.base, "again")
	fmt.Println(d.name, g(p), animal.Name(r), interface{ Sound() string }.Sound(d))
	root := &tree{[]*tree{{nil, "a"}, {[]*tree{{nil, "c"}}, "b"}}, "root"}
	var walk func(t *tree, depth int, visit func(*tree, int) (stop bool)) bool
	walk = func(t *tree, depth int, visit func(*tree, int) bool) bool {
		if visit(t, depth) {
			return true
		}
		for _, kid := range t.kids {
			if walk(kid, depth+1, visit) {
				return true
			}
		}
		return false
	}
	fmt.Println(walk(root, 0, func(t *tree, depth int) bool {
		fmt.Print(strings.Repeat("-", depth), t.name, " ")
		return t.name == "b"
	}))
	array := levels{1, 2, 3}
	copied, pointer := array, &array
	pointer[0], copied[1] = 9, 8
	slice := array[:2]
	slice = append(slice, 7)
	slice = append(slice, 6)
	slice[0] = 5
	fmt.Println(array, copied, slice, len(array[1:]), cap(array[1:2:2]))
}
