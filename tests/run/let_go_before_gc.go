// What a program has let go of is found by the collection that it asks for, whatever is left on the stack.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"weak"
)

type object [4]int

func (*object) method() {}

// The initialiser attaches the finalizer, and nothing else in the program has goroutines in mind.
var (
	atStart = withFinalizer().method
	died    = make(chan bool)
)

func withFinalizer() *object {
	o := new(object)
	runtime.SetFinalizer(o, func(*object) { close(died) })
	return o
}

func isDead() string {
	for range 10 {
		runtime.GC()
		select {
		case <-died:
			return "dead"
		default:
		}
	}
	return "alive"
}

var count atomic.Int64

//go:noinline
func deep(n int, o *object) int {
	if n == 0 {
		return o[0]
	}
	p := new(object)
	runtime.SetFinalizer(p, func(*object) { count.Add(-1) })
	return deep(n-1, p) + o[1]
}

func goroutines() int64 {
	var wg sync.WaitGroup
	for range 10 {
		wg.Add(1)
		count.Add(1)
		go func() {
			defer wg.Done()
			s := new(string)
			check := func() {
				if *s != "" {
					panic("not empty")
				}
			}
			runtime.SetFinalizer(s, func(*string) { count.Add(-1) })
			defer check()
		}()
	}
	wg.Wait()
	for range 5 {
		time.Sleep(time.Millisecond)
		runtime.GC()
	}
	return count.Load()
}

func recursion() int64 {
	count.Store(20)
	deep(20, new(object))
	for range 5 {
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
	return count.Load()
}

func between() (results [3]bool) {
	o := new(object)
	p := weak.Make(o)
	runtime.GC()
	results[0] = p.Value() != nil
	o[2] = 1
	runtime.GC()
	results[1] = p.Value() != nil
	runtime.KeepAlive(o)
	runtime.GC()
	results[2] = p.Value() != nil
	return results
}

func main() {
	fmt.Println(isDead())
	atStart = nil
	fmt.Println(isDead())
	fmt.Println(goroutines(), recursion(), between())
}
