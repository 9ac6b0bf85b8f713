//run:trace
//run:case error-receives
//run:case stringer-sleeps
//run:case parks-twice
//run:case both-park
//run:case parks-in-goroutine
//run:case after-parked-deferred
//run:case in-parked-deferred
//run:case recovers-inside
//run:case recovers-inside-parked
//run:case panics-inside
//run:case repanic-same
//run:case exits-inside
//run:case goexit-inside
//run:case prints-inside
//run:case resumed-callers

// What an uncaught panic says is asked of methods that park. Other goroutines run meanwhile; then the program ends with
// the trace of the panic.
package main

import (
	"fmt"
	"os"
	"runtime"
	"time"
)

func sleep() { time.Sleep(time.Microsecond) }

type receives struct{ c chan string }

func (r receives) Error() string { return <-r.c }

type sleeps string

func (s sleeps) String() string {
	sleep()
	return string(s)
}

type twice struct{}

func (*twice) Error() string {
	sleep()
	println("between")
	sleep()
	return "asked twice"
}

type recovers struct{ parked bool }

func (r recovers) Error() (text string) {
	defer func() {
		if r.parked {
			sleep()
		}
		text = fmt.Sprint("inner ", recover())
	}()
	func() {
		defer sleep()
		panic("lost")
	}()
	return "unreachable"
}

type panics struct{}

func (*panics) Error() string {
	sleep()
	panic("no text")
}

type exits struct{}

func (exits) Error() string {
	sleep()
	os.Exit(7)
	return ""
}

type goexits struct{}

func (goexits) Error() string {
	sleep()
	runtime.Goexit()
	return ""
}

type prints struct{}

func (prints) Error() string {
	fmt.Println("in Error")
	return "printed"
}

func deep(n int, v any) {
	if n == 0 {
		panic(v)
	}
	deep(n-1, v)
}

func resumed(v any) {
	sleep()
	deep(1, v)
	println("not reached")
}

var cases = map[string]func(){
	"error-receives": func() {
		c := make(chan string)
		go func() { c <- "received" }()
		deep(2, receives{c})
	},
	"stringer-sleeps": func() { deep(1, sleeps("slept")) },
	"parks-twice":     func() { panic(new(twice)) },
	"both-park": func() {
		defer func() { panic(sleeps("second")) }()
		deep(1, sleeps("first"))
	},
	"parks-in-goroutine": func() {
		go deep(1, sleeps("elsewhere"))
		select {}
	},
	"after-parked-deferred": func() {
		defer sleep()
		deep(1, sleeps("after sleeping"))
	},
	"in-parked-deferred": func() {
		defer func() {
			sleep()
			panic(sleeps("inner"))
		}()
		deep(1, sleeps("outer"))
	},
	"recovers-inside":        func() { defer sleep(); panic(recovers{}) },
	"recovers-inside-parked": func() { panic(recovers{true}) },
	"panics-inside":          func() { panic(new(panics)) },
	"repanic-same": func() {
		defer func() { panic(recover()) }()
		panic(new(twice))
	},
	"exits-inside": func() { panic(exits{}) },
	"goexit-inside": func() {
		go func() {
			time.Sleep(time.Millisecond)
			println("the other goroutine exits")
			os.Exit(3)
		}()
		panic(goexits{})
	},
	"prints-inside": func() {
		go func() {}()
		panic(prints{})
	},
	"resumed-callers": func() { resumed(sleeps("resumed")) },
}

func main() {
	name := os.Args[1]
	println("case", name)
	cases[name]()
	println("not reached")
}
