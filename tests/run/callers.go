// runtime.Callers, Caller and FuncForPC through inlined, generic, deferred and method frames and closures.
package main

import (
	"fmt"
	"runtime"
	"strings"
)

// stack lists the frames of package main above its caller.
//
//go:noinline
func stack(skip int) string {
	pcs := make([]uintptr, 50)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(skip+2, pcs)])
	var out []string
	for {
		frame, more := frames.Next()
		if strings.HasPrefix(frame.Function, "main.") {
			file := frame.File[strings.LastIndexByte(frame.File, '/')+1:]
			out = append(out, fmt.Sprintf("%s@%s:%d", strings.TrimPrefix(frame.Function, "main."), file, frame.Line))
		}
		if !more {
			return strings.Join(out, " < ")
		}
	}
}

func inlined() string { return inlinedToo() }

func inlinedToo() string { return stack(0) }

func skipping() string { return stack(1) }

type shape struct{ name string }

//go:noinline
func (s shape) value() string { return stack(0) }

//go:noinline
func (s *shape) pointer() string { return s.name + " " + stack(0) }

type valuer interface{ value() string }

type wrapped struct{ shape }

//go:noinline
func generic[T any](x T) string { return fmt.Sprintf("%T ", x) + stack(0) }

type pair[A, B any] struct {
	a A
	b B
}

//go:noinline
func (p pair[A, B]) method() string { return stack(0) }

//go:noinline
func apply(f func() string) string {
	return f()
}

//go:noinline
func recursive(n int) string {
	if n == 0 {
		return stack(0)
	}
	return recursive(n - 1)
}

var global = stack(0)

func deferring() (text string) {
	defer func() { text = stack(0) }()
	return ""
}

func panicking() (text string) {
	defer func() {
		recover()
		text = stack(0)
	}()
	var m map[int]int
	m[1]++
	return ""
}

func sequence(yield func(int) bool) {
	yield(1)
}

func main() {
	fmt.Println("here", stack(0))
	fmt.Println("inlined", inlined())
	fmt.Println("skipping", skipping())
	fmt.Println("value", shape{}.value())
	fmt.Println("pointer", (&shape{"p"}).pointer())
	var v valuer = wrapped{}
	fmt.Println("interface", v.value())
	fmt.Println("generic", generic(1))
	fmt.Println("generic", generic("s"))
	fmt.Println("method", pair[int, string]{}.method())
	fmt.Println("closure", apply(func() string { return stack(0) }))
	fmt.Println("nested", apply(func() string { return apply(func() string { return stack(0) }) }))
	fmt.Println("method value", apply((&shape{"m"}).pointer))
	fmt.Println("recursive", recursive(3))
	fmt.Println("global", global)
	fmt.Println("deferred", deferring())
	fmt.Println("panicking", panicking())
	for range sequence {
		fmt.Println("range", stack(0))
	}
	done := make(chan string)
	go func() { done <- stack(0) }()
	fmt.Println("goroutine", <-done)
	_, file, line, ok := runtime.Caller(0)
	fmt.Println(file[strings.LastIndexByte(file, '/')+1:], line, ok)
	pcs := make([]uintptr, 2)
	fmt.Println(runtime.Callers(0, pcs), runtime.FuncForPC(pcs[0]).Name(), runtime.Callers(100, pcs))
	fn := runtime.FuncForPC(pcs[1])
	name, line := fn.FileLine(fn.Entry())
	fmt.Println(fn.Name(), name[strings.LastIndexByte(name, '/')+1:], line > 0, runtime.FuncForPC(0) == nil)
}
