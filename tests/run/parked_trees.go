// Recursion that parks on both sides, and jumps between loops.
package main

import "runtime"

type tree struct {
	l, r *tree
	v    int
}

func build(n int, ch chan int) *tree {
	if n == 0 {
		return nil
	}
	l := build(n-1, ch)
	v := <-ch
	r := build(n-1, ch)
	return &tree{l, r, v}
}

func (t *tree) sum() int {
	if t == nil {
		return 0
	}
	return t.l.sum() + t.r.sum() + t.v
}

func (t *tree) walk(ch chan int) {
	if t == nil {
		return
	}
	t.l.walk(ch)
	ch <- t.v
	t.r.walk(ch)
}

func same(a, b *tree) bool {
	x, y := make(chan int), make(chan int)
	go func() { a.walk(x); close(x) }()
	go func() { b.walk(y); close(y) }()
	for {
		v, ok := <-x
		w, ok2 := <-y
		if ok != ok2 || v != w {
			return false
		}
		if !ok {
			return true
		}
	}
}

func main() {
	ch := make(chan int)
	stop := make(chan bool)
	go func() {
		for i := 0; ; i++ {
			if i%50 == 0 {
				runtime.GC()
			}
			select {
			case ch <- i % 100:
			case <-stop:
				stop <- true
				return
			}
		}
	}()
	t := build(10, ch)
	println(t.sum())
	u := build(10, ch)
	println(u.sum(), same(t, t), same(t, u))
	stop <- true
	<-stop
	// labelled loops and goto
	c := make(chan int, 1)
	n := 0
	i := 0
again:
	for j := 0; j < 3; j++ {
		for k := 0; ; k++ {
			select {
			case c <- k:
			default:
				n += <-c
				if k > 4 {
					if j == 1 && i < 3 {
						i++
						goto again
					}
					break
				}
				continue
			}
			if k%2 == 1 {
				n += 1000
			}
			runtime.Gosched()
			if k > 6 {
				break
			}
		}
	}
	println(n, i)
}
