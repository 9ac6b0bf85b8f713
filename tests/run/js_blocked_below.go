//run:goos js

// A callback that blocks while main waits below it, in JavaScript that main called: another goroutine lets it go on.
package main

import (
	"fmt"
	"syscall/js"
)

func main() {
	requests, replies := make(chan int), make(chan int)
	go func() {
		for n := range requests {
			replies <- n * n
		}
		close(replies)
	}()
	depth := 0
	var ask js.Func
	ask = js.FuncOf(func(_ js.Value, args []js.Value) any {
		n := args[0].Int()
		requests <- n
		square := <-replies
		if n > 0 {
			depth++
			return square + ask.Invoke(n-1).Int()
		}
		return square
	})
	defer ask.Release()
	each := js.Global().Get("Function").New("f", "return [1, 2, 3].map(n => f(n)).join('; ')")
	fmt.Println(each.Invoke(ask), depth)
	done := make(chan string)
	go func() { done <- each.Invoke(ask).String() }()
	fmt.Println(<-done, depth)
	close(requests)
	<-replies
	fmt.Println(js.Global().Get("Array").Call("from", js.ValueOf([]any{5, 6}), js.FuncOf(func(_ js.Value, args []js.Value) any {
		wait := make(chan int)
		go func() { wait <- args[0].Int() + args[1].Int() }()
		return <-wait
	})).Call("join"))
}
