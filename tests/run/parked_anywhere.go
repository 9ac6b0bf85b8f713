// Parking in initialisers, iterators, methods, callbacks of std, loops of every kind.
package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

var initialised = func() int {
	ch := make(chan int)
	go func() { ch <- 42 }()
	return <-ch
}()

func init() {
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Add(1)
		go func() { defer wg.Done(); time.Sleep(time.Duration(i) * time.Microsecond) }()
	}
	wg.Wait()
	fmt.Println("init", initialised)
}

type parks struct{ n int }

func (p parks) String() string { runtime.Gosched(); return fmt.Sprintf("parks(%d)", p.n) }

type embedded struct {
	fmt.Stringer
	*sync.Mutex
}

func pull() {
	seq := func(yield func(int, string) bool) {
		for i := range 5 {
			time.Sleep(time.Microsecond)
			if !yield(i, strings.Repeat("x", i)) {
				fmt.Println("stopped")
				return
			}
		}
	}
	next, stop := iter.Pull2(iter.Seq2[int, string](seq))
	for {
		a, b, ok := next()
		fmt.Println(a, b, ok)
		if a == 3 || !ok {
			break
		}
	}
	stop()
	for a, b := range seq {
		runtime.Gosched()
		defer fmt.Println("deferred in loop", a, b)
		if a == 2 {
			return
		}
	}
}

func generic[T any](ch chan T, n int) (out []T) {
	for range n {
		out = append(out, <-ch)
	}
	return
}

type huge struct {
	a, b, c, d, e, f, g, h, i, j int
	s                            []string
}

func (h huge) rotate(ch chan int) huge {
	h.a, h.j = h.j, h.a+<-ch
	h.s = append(h.s, fmt.Sprint(<-ch))
	return h
}

func variadic(ch chan int, xs ...any) (n int, err error) {
	for _, x := range xs {
		switch x := x.(type) {
		case int:
			n += x + <-ch
		case string:
			n += len(x) * <-ch
		case error:
			return n, x
		}
	}
	return
}

func main() {
	pull()
	fmt.Println(parks{1}, embedded{parks{2}, nil}.String(), []parks{{3}, {4}})
	f := parks{5}.String
	fmt.Println(f(), parks.String(parks{6}), (*parks).String(&parks{7}), embedded.String(embedded{parks{8}, nil}))
	ch := make(chan int)
	go func() {
		for i := 0; ; i++ {
			ch <- i
		}
	}()
	fmt.Println(generic(ch, 3))
	hc := make(chan huge)
	go func() { hc <- huge{a: 1, j: 2}; hc <- huge{b: 3}; close(hc) }()
	fmt.Println(generic(hc, 3))
	h := huge{a: 1, j: 9}
	for range 3 {
		h = h.rotate(ch)
	}
	fmt.Println(h)
	fmt.Println(variadic(ch, 1, "abc", 2.5, errors.New("stop"), 5))
	xs := []int{5, 2, 8, 1, 9, 3}
	sort.Slice(xs, func(i, j int) bool { runtime.Gosched(); return xs[i] < xs[j] })
	fmt.Println(xs)
	m := map[string]int{"a": 1, "b": 2, "c": 3, "d": 4}
	sum := 0
	for k, v := range m {
		sum += v*len(k) + 0*<-ch
	}
	fmt.Println(sum)
	for i, r := range "häß" {
		time.Sleep(1)
		fmt.Print(i, string(r), " ")
	}
	for i, a := range [3][2]int{{1, 2}, {3, 4}, {5, 6}} {
		runtime.Gosched()
		fmt.Print(i, a, " ")
	}
	fmt.Println()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Millisecond)
	defer cancel()
	var count atomic.Int64
	var rw sync.RWMutex
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Go(func() {
			for ctx.Err() == nil {
				if i%3 == 0 {
					rw.Lock()
					runtime.Gosched()
					count.Add(1)
					rw.Unlock()
				} else {
					rw.RLock()
					runtime.Gosched()
					rw.RUnlock()
				}
				select {
				case <-ctx.Done():
				case <-time.After(100 * time.Microsecond):
				}
			}
		})
	}
	wg.Wait()
	fmt.Println(ctx.Err(), count.Load() > 0)
	t := time.NewTicker(200 * time.Microsecond)
	for range 3 {
		<-t.C
	}
	t.Stop()
	done := make(chan bool)
	time.AfterFunc(time.Microsecond, func() { time.Sleep(time.Microsecond); done <- true })
	fmt.Println(<-done)
	var p sync.Pool
	p.New = func() any { runtime.Gosched(); return 5 }
	fmt.Println(p.Get())
	var o = sync.OnceValue(func() int { runtime.Gosched(); return 6 })
	fmt.Println(o(), o())
	i := 0
loop:
	if i < 10 {
		i++
		select {
		case v := <-ch:
			if v%2 == 0 {
				goto loop
			}
			i++
		case <-time.After(time.Second):
		}
		if i%4 == 0 {
			goto inner
		}
		goto loop
	inner:
		runtime.Gosched()
		goto loop
	}
	fmt.Println(i)
}
