// Defer, panic and recover in every combination of how a function ends and what its deferred calls do.
package main

import (
	"errors"
	"fmt"
	"runtime"
)

var errBase = errors.New("base")

// Ways for a function to end, and things for its deferred call to do.
var endings = []struct {
	name string
	do   func() int
}{
	{"return", func() int { return 1 }},
	{"panic", func() int { panic("first") }},
	{"runtime error", func() int { var p *int; return *p }},
	{"nested", func() int {
		defer func() { panic("second") }()
		panic("first")
	}},
	{"recovered inside", func() (n int) {
		defer func() { recover(); n = 5 }()
		panic("inside")
	}},
	{"goexit", func() int { runtime.Goexit(); return 0 }},
	{"nil panic", func() int { panic(nil) }},
	{"error", func() int { panic(fmt.Errorf("wrapped: %w", errBase)) }},
}

var reactions = []struct {
	name string
	do   func(result *int)
}{
	{"nothing", func(*int) {}},
	{"recover", func(result *int) {
		if r := recover(); r != nil {
			*result += 100
			fmt.Printf("[%v] ", r)
		}
	}},
	{"recover twice", func(result *int) {
		a, b := recover(), recover()
		fmt.Print("[", a != nil, b != nil, "] ")
	}},
	{"replace", func(*int) { panic("replaced") }},
	{"recover and panic again", func(*int) {
		if r := recover(); r != nil {
			panic(fmt.Sprint("again ", r))
		}
	}},
	{"too deep", func(*int) { func() { fmt.Print("[", recover(), "] ") }() }},
}

func try(end func() int, react func(*int)) (result int) {
	defer react(&result)
	result = end()
	return result + 10
}

func attempt(end func() int, react func(*int)) {
	done := make(chan bool)
	go func() {
		finished := false
		defer func() {
			r := recover()
			var err runtime.Error
			if e, ok := r.(error); ok && errors.As(e, &err) {
				fmt.Print("runtime ")
			}
			fmt.Print("outer ", r, " finished ", finished)
			close(done)
		}()
		fmt.Print(try(end, react), " ")
		finished = true
	}()
	<-done
	fmt.Println()
}

func matrix() {
	for _, ending := range endings {
		for _, reaction := range reactions {
			fmt.Print(ending.name, "/", reaction.name, ": ")
			attempt(ending.do, reaction.do)
		}
	}
}

func arguments() (err error) {
	n := 1
	defer fmt.Println("argument", n, "taken at defer")
	defer func(f func() int) { fmt.Println("function", f(), n) }(func() int { return n })
	n = 2
	for i := range 3 {
		defer func() {
			if i == 1 {
				err = errors.Join(err, fmt.Errorf("close %d", i))
			}
		}()
	}
	var nilFunc func()
	func() {
		defer func() { fmt.Println("calling nil:", recover()) }()
		defer nilFunc()
		fmt.Print("nil is called at the end; ")
	}()
	return errBase
}

func order() {
	for depth := range 3 {
		defer func() {
			defer func() { fmt.Print("inner of ", depth, ": ", recover(), "; ") }()
			panic(depth)
		}()
	}
	if true {
		defer fmt.Print("in a block; ")
	}
	fmt.Print("body; ")
}

type stack struct{ items []string }

func (s *stack) push(item string) *stack { s.items = append(s.items, item); return s }

func chained() {
	s := &stack{}
	func() {
		defer s.push("evaluated at once").push("called at the end")
		s.push("body")
	}()
	fmt.Println(s.items)
}

func main() {
	matrix()
	fmt.Println(arguments())
	order()
	fmt.Println()
	chained()
	count := 0
	var deep func(int)
	deep = func(n int) {
		defer func() { count++ }()
		if n == 0 {
			panic("bottom")
		}
		deep(n - 1)
	}
	func() {
		defer func() { fmt.Println(recover(), count) }()
		deep(1000)
	}()
	for i := 0; i < 100000; i++ {
		func() {
			defer func() { recover() }()
			panic(i)
		}()
	}
	fmt.Println("many panics")
}
