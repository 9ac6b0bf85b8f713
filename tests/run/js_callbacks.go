//run:goos js

// JavaScript calls Go: callbacks that return, block on other goroutines, nest, panic; promises awaited both ways.
package main

import (
	"errors"
	"fmt"
	"sync"
	"syscall/js"
	"time"
)

var global = js.Global()

// await waits for a promise.
func await(promise js.Value) (js.Value, error) {
	type outcome struct {
		value js.Value
		err   error
	}
	done := make(chan outcome, 1)
	then := js.FuncOf(func(_ js.Value, args []js.Value) any {
		done <- outcome{value: args[0]}
		return nil
	})
	catch := js.FuncOf(func(_ js.Value, args []js.Value) any {
		done <- outcome{err: errors.New(global.Call("String", args[0]).String())}
		return nil
	})
	defer then.Release()
	defer catch.Release()
	promise.Call("then", then, catch)
	result := <-done
	return result.value, result.err
}

// promise makes one that a goroutine settles.
func promise(work func() (any, error)) js.Value {
	executor := js.FuncOf(func(_ js.Value, args []js.Value) any {
		resolve, reject := args[0], args[1]
		go func() {
			value, err := work()
			if err != nil {
				reject.Invoke(err.Error())
				return
			}
			resolve.Invoke(value)
		}()
		return nil
	})
	defer executor.Release()
	return global.Get("Promise").New(executor)
}

func simple() {
	add := js.FuncOf(func(this js.Value, args []js.Value) any {
		sum := this.Get("base").Int()
		for _, a := range args {
			sum += a.Int()
		}
		return sum
	})
	defer add.Release()
	object := global.Get("Object").New()
	object.Set("base", 100)
	object.Set("add", add)
	fmt.Println(object.Call("add", 1, 2, 3), object.Call("add"))
	compare := js.FuncOf(func(_ js.Value, args []js.Value) any { return args[1].Int() - args[0].Int() })
	defer compare.Release()
	fmt.Println(js.ValueOf([]any{3, 10, 7}).Call("sort", compare).Call("join"))
	results := js.FuncOf(func(_ js.Value, args []js.Value) any {
		return map[string]any{"n": len(args), "list": []any{nil, true, 1.5, "s"}}
	})
	defer results.Release()
	fmt.Println(global.Get("JSON").Call("stringify", results.Invoke(1, 2)))
}

func blocking() {
	requests, replies := make(chan int), make(chan string)
	go func() {
		for n := range requests {
			time.Sleep(time.Millisecond)
			replies <- fmt.Sprint("reply to ", n)
		}
	}()
	// The caller is JavaScript code below main: it waits while another goroutine works.
	ask := js.FuncOf(func(_ js.Value, args []js.Value) any {
		requests <- args[0].Int()
		return <-replies
	})
	defer ask.Release()
	each := global.Get("Function").New("f", "return [1, 2, 3].map(n => f(n)).join('; ')")
	fmt.Println(func() (text string) {
		defer func() {
			if r := recover(); r != nil {
				text = fmt.Sprint("recovered ", r)
			}
		}()
		return syncOrAsync(each, ask)
	}())
	close(requests)
	// Called from the event loop, the callback may block for as long as it likes.
	var group sync.WaitGroup
	order := make(chan string, 10)
	for i := range 3 {
		group.Add(1)
		var timer js.Func
		timer = js.FuncOf(func(js.Value, []js.Value) any {
			defer group.Done()
			defer timer.Release()
			time.Sleep(time.Duration(3-i) * 20 * time.Millisecond)
			order <- fmt.Sprint("timer ", i)
			return nil
		})
		global.Call("setTimeout", timer, i)
	}
	group.Wait()
	fmt.Println(<-order, <-order, <-order)
}

// syncOrAsync calls f through JavaScript, in an event of its own.
func syncOrAsync(f js.Value, callback js.Func) string {
	done := make(chan string)
	later := js.FuncOf(func(js.Value, []js.Value) any {
		c := make(chan string)
		go func() { c <- "answered" }()
		text := <-c
		go func() { done <- text }()
		return nil
	})
	defer later.Release()
	global.Call("setTimeout", later, 0)
	text := <-done
	nested := f.Invoke(js.FuncOf(func(_ js.Value, args []js.Value) any {
		inner := js.FuncOf(func(_ js.Value, args []js.Value) any { return args[0].Int() * 2 })
		defer inner.Release()
		return global.Get("Function").New("f", "x", "return f(x) + 1").Invoke(inner, args[0])
	}))
	return text + " " + nested.String()
}

func promises() {
	value, err := await(global.Get("Promise").Call("resolve", 42))
	fmt.Println(value, err)
	_, err = await(global.Get("Promise").Call("reject", global.Get("Error").New("refused")))
	fmt.Println(err)
	slow := promise(func() (any, error) { time.Sleep(200 * time.Millisecond); return "slow", nil })
	quick := promise(func() (any, error) { return "quick", nil })
	first, err := await(global.Get("Promise").Call("race", []any{slow, quick}))
	fmt.Println(first, err)
	all, err := await(global.Get("Promise").Call("all", []any{slow, quick}))
	fmt.Println(all.Call("join", "+"), err)
	failing := promise(func() (any, error) { return nil, errors.New("went wrong") })
	_, err = await(global.Get("Promise").Call("all", []any{failing, slow}))
	fmt.Println(err)
	async := global.Get("Function").New("f", "return (async () => { let n = 0; for (let i = 0; i < 3; i++) n += await f(i); return n })()")
	step := js.FuncOf(func(_ js.Value, args []js.Value) any {
		n := args[0].Int()
		return promise(func() (any, error) { time.Sleep(time.Millisecond); return n * 10, nil })
	})
	defer step.Release()
	fmt.Println(await(async.Invoke(step)))
}

func main() {
	simple()
	blocking()
	promises()
	recoverable := js.FuncOf(func(js.Value, []js.Value) (result any) {
		defer func() { result = fmt.Sprint("recovered ", recover()) }()
		panic("in a callback")
	})
	fmt.Println(recoverable.Invoke())
	recoverable.Release()
	ready := make(chan bool)
	ticks := 0
	var interval js.Value
	tick := js.FuncOf(func(js.Value, []js.Value) any {
		if ticks++; ticks == 3 {
			global.Call("clearInterval", interval)
			close(ready)
		}
		return nil
	})
	interval = global.Call("setInterval", tick, 1)
	<-ready
	fmt.Println("ticks", ticks)
}
