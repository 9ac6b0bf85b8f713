// A coroutine of iter.Pull whose iterator ends its goroutine: the consumer's goroutine ends as well.
package main

import (
	"fmt"
	"iter"
	"runtime"
)

func ending(after int) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer fmt.Println("iterator's deferred call")
		for i := range after {
			if !yield(i) {
				fmt.Println("stopped at", i)
				return
			}
		}
		runtime.Goexit()
	}
}

func consume(name string, use func()) {
	done := make(chan struct{})
	ended := false
	go func() {
		defer close(done)
		defer func() { fmt.Println(name, "recovered:", recover(), "ended:", ended) }()
		use()
		ended = true
	}()
	<-done
}

func main() {
	consume("in next", func() {
		next, stop := iter.Pull(ending(2))
		defer stop()
		for {
			value, ok := next()
			fmt.Println(value, ok)
		}
	})
	consume("in the first next", func() {
		next, _ := iter.Pull(ending(0))
		next()
	})
	consume("stopped before", func() {
		next, stop := iter.Pull(ending(5))
		fmt.Println(next())
		stop()
		fmt.Println(next())
	})
	consume("in stop", func() {
		next, stop := iter.Pull(func(yield func(int) bool) {
			defer runtime.Goexit()
			yield(1)
		})
		fmt.Println(next())
		stop()
	})
	consume("panic", func() {
		next, _ := iter.Pull(func(yield func(int) bool) {
			yield(1)
			panic("in the iterator")
		})
		fmt.Println(next())
		next()
	})
	fmt.Println("main goes on")
}
