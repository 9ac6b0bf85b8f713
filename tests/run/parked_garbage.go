// Collections while goroutines hold what they have in captured frames.
package main

import (
	"fmt"
	"runtime"
	"strings"
)

type cell struct {
	next *cell
	val  string
}

type state struct {
	a, b, c *cell
	m       map[string]*cell
	s       []string
	e       any
	f       func() string
}

//go:noinline
func step(ch chan *cell, st state, depth int) (*cell, state) {
	local := [3]*cell{{nil, "l0"}, {nil, "l1"}, {nil, strings.Repeat("z", depth)}}
	p := &local[depth%3]
	x := &cell{st.a, fmt.Sprint("x", depth)}
	y := <-ch
	str := x.val + y.val
	if depth > 0 {
		c, st2 := step(ch, state{x, y, st.c, st.m, append(st.s, str), str, func() string { return str + (*p).val }}, depth-1)
		z := <-ch
		st2.m[str] = z
		return &cell{c, z.val + (*p).val + str}, st2
	}
	w := <-ch
	return w, st
}

func gen(ch chan *cell, n int) {
	var last *cell
	for i := range n {
		c := &cell{last, fmt.Sprint("c", i)}
		if i%7 == 0 {
			last = nil
		} else {
			last = c
		}
		ch <- c
		garbage := make([][]byte, 10)
		for j := range garbage {
			garbage[j] = make([]byte, 100)
		}
		if i%5 == 0 {
			runtime.GC()
		}
	}
	close(ch)
}

func length(c *cell) (n int) {
	for ; c != nil; c = c.next {
		n++
	}
	return
}

func main() {
	results := make(chan string)
	for g := range 6 {
		go func() {
			ch := make(chan *cell)
			go gen(ch, 200)
			var sb strings.Builder
			for range 5 {
				c, st := step(ch, state{m: map[string]*cell{}}, g+2)
				f := ""
				if st.f != nil {
					f = st.f()
				}
				fmt.Fprint(&sb, c.val, length(c), length(st.a), length(st.b), len(st.m), st.s, st.e, f, ";")
			}
			for range ch {
			}
			results <- sb.String()
		}()
	}
	total := map[string]bool{}
	for range 6 {
		total[<-results] = true
	}
	keys := make([]string, 0, 6)
	for k := range total {
		keys = append(keys, k)
	}
	for i := range keys {
		for j := range i {
			if len(keys[i]) < len(keys[j]) {
				keys[i], keys[j] = keys[j], keys[i]
			}
		}
	}
	for _, k := range keys {
		fmt.Println(k)
	}
}
