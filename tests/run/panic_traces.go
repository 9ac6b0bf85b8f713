//run:trace
//run:case deep
//run:case inlined
//run:case goroutine
//run:case runtime-error
//run:case closure
//run:case method
//run:case generic
//run:case deferred
//run:case repanicked

// The trace below an uncaught panic: each frame's function, file and line.
package main

import (
	"os"
	"strconv"
)

type machine struct{ steps int }

//go:noinline
func third(n int) int {
	if n > 0 {
		panic("three calls deep: " + strconv.Itoa(n))
	}
	return n
}

//go:noinline
func second(n int) int { return third(n+1) + 1 }

//go:noinline
func first(n int) int {
	total := 0
	for i := range 3 {
		total += second(n + i)
	}
	return total
}

// small is inlined into its caller, and so is smaller.
func small(n int) int { return smaller(n) + 1 }

func smaller(n int) int {
	if n == 5 {
		panic("in an inlined function")
	}
	return n * 2
}

//go:noinline
func callsSmall(n int) int {
	n++
	return small(n) - 1
}

//go:noinline
func (m *machine) step(list []int) int {
	m.steps++
	return list[m.steps+10]
}

type stepper interface{ step([]int) int }

//go:noinline
func each[T any](values []T, do func(T)) {
	for _, v := range values {
		do(v)
	}
}

//go:noinline
func apply(do func()) { do() }

//go:noinline
func cleanup(name string) {
	panic("cleaning up " + name)
}

//go:noinline
func again(name string) {
	defer func() {
		r := recover()
		panic("again: " + r.(string))
	}()
	cleanup(name)
}

//go:noinline
func run(name string) {
	switch name {
	case "deep":
		first(1)
	case "inlined":
		println(callsSmall(len(os.Args) + 2))
	case "goroutine":
		done := make(chan int)
		go func() { done <- first(2) }()
		<-done
	case "runtime-error":
		new(machine).step(nil)
	case "closure":
		outer := func() {
			apply(func() { third(9) })
		}
		apply(outer)
	case "method":
		var s stepper = &machine{1}
		f := s.step
		f([]int{1})
	case "generic":
		each([]string{"x"}, func(s string) { cleanup(s) })
	case "deferred":
		defer cleanup("the table")
		first(3)
	case "repanicked":
		again("twice")
	}
}

func main() {
	run(os.Args[1])
}
