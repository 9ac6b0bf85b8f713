// When the keys of maps are read that calls among the other operands change, what two targets of one assignment are
// evaluated from, and which of several panics comes first: as in gc.
package main

import "fmt"

type key struct{ a, b int }
type small struct{ n int8 }
type half struct{ a, b int16 }
type name struct{ s string }

var (
	n     int
	text  string
	k     key
	h     half
	f     float64
	any1  any
	pair  [2]int
	s     []int
	oks   []bool
	wrong any
	p     *int
)

func reset() {
	n, text, k, h, f, any1, pair = 0, "t", key{1, 2}, half{1, 2}, 1.5, 1, [2]int{1, 2}
	s, oks, wrong, p = []int{0, 0, 0}, []bool{false, false}, true, nil
}

//go:noinline
func change(r int) int {
	n++
	text += "x"
	k.a += 10
	h.a += 10
	f++
	any1 = n
	pair[0]++
	return r
}

func show(what string, f func() any) {
	reset()
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(what, "panics:", r)
		}
	}()
	fmt.Println(what, f())
}

func literals() {
	show("struct", func() any { return map[key]int{{n, 1}: change(2)} })
	show("array", func() any { return map[[2]int]int{{n, 1}: change(2)} })
	show("int", func() any { return map[int]int{n: change(2)} })
	show("int32", func() any { return map[int32]int{int32(n): change(2)} })
	show("int16", func() any { return map[int16]int{int16(n): change(2)} })
	show("int8", func() any { return map[int8]int{int8(n): change(2)} })
	show("bool", func() any { return map[bool]int{n == 0: change(2)} })
	show("string", func() any { return map[string]int{text: change(2)} })
	show("sum of strings", func() any { return map[string]int{text + "y": change(2)} })
	show("float", func() any { return map[float64]int{f: change(2)} })
	show("sum of floats", func() any { return map[float64]int{f + 1: change(2)} })
	show("complex", func() any { return map[complex128]int{complex(f, f): change(2)} })
	show("any", func() any { return map[any]int{any1: change(2)} })
	show("int as any", func() any { return map[any]int{n: change(2)} })
	show("array as any", func() any { return map[any]int{pair: change(2)} })
	show("variable struct", func() any { return map[key]int{k: change(2)} })
	show("variable array", func() any { return map[[2]int]int{pair: change(2)} })
	show("struct of a byte", func() any { return map[small]int{{int8(n)}: change(2)} })
	show("struct of a string", func() any { return map[name]int{{text}: change(2)} })
	show("struct of four bytes", func() any { return map[half]int{h: change(2)} })
	show("large element", func() any { return len(map[int][20]int{n: {change(2)}}) })
	show("several", func() any { return map[key]int{{n, 1}: change(2), {n, 2}: change(3)} })
}

func assignments() {
	show("to struct", func() any { m := map[key]int{}; m[key{n, 1}] = change(2); return m })
	show("to variable struct", func() any { m := map[key]int{}; m[k] = change(2); return m })
	show("to array", func() any { m := map[[2]int]int{}; m[[2]int{n, 1}] = change(2); return m })
	show("to float", func() any { m := map[float64]int{}; m[f+1] = change(2); return m })
	show("to any", func() any { m := map[any]int{}; m[any1] = change(2); return m })
	show("to int as any", func() any { m := map[any]int{}; m[n] = change(2); return m })
	show("to int8", func() any { m := map[int8]int{}; m[int8(n)] = change(2); return m })
	show("to string of bytes", func() any { m := map[string]int{}; b := []byte("b"); m[string(b)] = change(2); return m })
	show("to large element", func() any { m := map[int][20]int{}; m[n] = [20]int{change(2)}; return m[0][0] + m[1][0] })
	show("op struct", func() any { m := map[key]int{}; m[key{n, 1}] += change(2); return m })
	show("op float", func() any { m := map[float64]int{}; m[f+1] += change(2); return m })
	show("pair", func() any {
		m := map[key]int{}
		var x int
		m[key{n, 1}], x = change(2), change(3)
		return fmt.Sprint(m, x)
	})
	show("comma ok", func() any { m := map[key]int{}; var ok bool; m[key{n, 1}], ok = any1.(int); return fmt.Sprint(m, ok) })
	show("increment", func() any {
		m := map[key][]int{{0, 1}: {1, 2, 3}, {1, 1}: {4, 5, 6}}
		m[key{n, 1}][change(2)]++
		return m
	})
	show("delete", func() any {
		m := map[key]int{{0, 1}: 1, {1, 1}: 2}
		delete(func() map[key]int { n++; return m }(), key{n, 1})
		return m
	})
}

func reads() {
	m := map[key]int{{0, 1}: 5, {1, 1}: 6}
	floats := map[float64]int{2.5: 5, 3.5: 6}
	ints := map[int]int{0: 5, 1: 6}
	show("argument", func() any { return fmt.Sprint(m[key{n, 1}], change(2)) })
	show("operand", func() any { return m[key{n, 1}] + change(2) })
	show("operand by float", func() any { return floats[f+1] + change(2) })
	show("operand by int", func() any { return ints[n] + change(2) })
	show("defined", func() any { a, b := m[key{n, 1}], change(2); return fmt.Sprint(a, b) })
	show("calls", func() any { return change(m[key{n, 1}]) + change(m[key{n, 1}]) })
	show("nested", func() any { return map[int]int{5: 1, 6: 2}[m[key{n, 1}]] + change(2) })
	show("generic", func() any { return generic(map[key]int{{0, 1}: 7}, func() key { return key{n, 1} }) })
}

func generic[K comparable](m map[K]int, key func() K) int { return m[key()] + change(2) }

func targets() {
	show("range", func() any {
		for s[n], s[change(2)] = range map[int]int{3: 4} {
		}
		return s
	})
	show("range over func", func() any {
		for s[n], s[change(2)] = range func(yield func(int, int) bool) { yield(3, 4) } {
		}
		return s
	})
	show("receive", func() any {
		c := make(chan int, 1)
		c <- 5
		select {
		case s[n], oks[change(1)] = <-c:
		}
		return fmt.Sprint(s, oks)
	})
	show("receive among others", func() any {
		c := make(chan int, 1)
		c <- 5
		select {
		case s[n], oks[change(1)] = <-c:
		case <-make(chan bool):
		}
		return fmt.Sprint(s, oks)
	})
}

//go:noinline
func two(a, b int) int { return a + b }

//go:noinline
func length(a int, b []int) int { return a + len(b) }

func panics() {
	show("element, assertion", func() any { return two(s[n+5], wrong.(int)) })
	show("element, slice", func() any { return length(s[n+5], s[3:n]) })
	show("element, division", func() any { return two(s[n+5], 1/n) })
	show("sum with element", func() any { return s[n+5] + wrong.(int) })
	show("sum with pointer", func() any { return *p + wrong.(int) })
	show("pair", func() any { a, b := s[n+5], wrong.(int); return a + b })
	show("array", func() any { return [2]int{s[n+5], wrong.(int)} })
	show("entry", func() any { return map[int]int{s[n+5]: wrong.(int)} })
	show("assignment", func() any { s[n+5] = wrong.(int); return s })
	show("assignment through pointer", func() any { *p = wrong.(int); return s })
	show("op", func() any { s[n+5] += wrong.(int); return s })
	show("return", func() any { return fmt.Sprint(func() (int, int) { return s[n+5], wrong.(int) }()) })
	show("comparison", func() any { return s[n+5] == wrong.(int) })
	show("index", func() any { return []int{*p}[wrong.(int)] })
}

func main() {
	literals()
	assignments()
	reads()
	targets()
	panics()
}
