//run:differs js
//run:case string
//run:case integer
//run:case float
//run:case bool
//run:case complex
//run:case error
//run:case stringer
//run:case named
//run:case struct
//run:case pointer
//run:case nested
//run:case repanic
//run:case repanic-same
//run:case recovered-then-new
//run:case deferred-prints
//run:case nil
//run:case failing-stringer
//run:case failing-error
//run:case multiline
//run:case goroutine
//run:case goexit-main
//run:case goexit-and-panic
//run:case exit-in-deferred
//run:case init-like

// How a program ends by a panic that nobody recovers: message, exit code, and what ran before.
package main

import (
	"os"
	"runtime"
)

type failure struct{ code int }

func (f failure) Error() string { return "failure number " + string(rune('0'+f.code)) }

type town string

func (t town) String() string { return "the town of " + string(t) }

type (
	plain   string
	count   int
	ratio   float32
	verdict bool
	pair    struct{ a, b int }
	wave    complex64
)

type bad struct{}

func (bad) String() string { panic("no text") }

type badError struct{}

func (badError) Error() string { panic(failure{9}) }

func deferred(text string) { println("deferred:", text) }

var cases = map[string]func(){
	"string":  func() { panic("a plain text") },
	"integer": func() { panic(-42) },
	"float":   func() { panic(ratio(0.5)) },
	"bool":    func() { panic(verdict(true)) },
	"complex": func() { panic(wave(1 - 2i)) },
	"error":   func() { panic(failure{7}) },
	"stringer": func() {
		defer deferred("before")
		panic(town("Ulm"))
	},
	"named":   func() { panic(plain("text \"quoted\"\nand broken")) },
	"struct":  func() { panic(pair{1, 2}) },
	"pointer": func() { panic(&failure{3}) },
	"nested": func() {
		defer func() { panic(failure{2}) }()
		defer func() { panic(count(1)) }()
		panic("zero")
	},
	"repanic": func() {
		defer func() {
			r := recover()
			println("seen:", r.(string))
			panic(r.(string) + " again")
		}()
		panic("once")
	},
	"repanic-same": func() {
		defer func() { panic(recover()) }()
		panic(failure{5})
	},
	"recovered-then-new": func() {
		func() {
			defer func() { recover() }()
			panic("forgotten")
		}()
		panic("remembered")
	},
	"deferred-prints": func() {
		defer deferred("one")
		defer func() {
			defer deferred("two")
			println("in between")
		}()
		panic("after printing")
	},
	"nil":              func() { panic(nil) },
	"failing-stringer": func() { panic(bad{}) },
	"failing-error":    func() { panic(badError{}) },
	"multiline":        func() { panic("first line\n\tsecond line\n") },
	"goroutine": func() {
		done := make(chan bool)
		go func() {
			defer deferred("in the goroutine")
			panic(failure{1})
		}()
		defer deferred("never runs")
		<-done
	},
	"goexit-main": func() {
		go func() { println("another goroutine") }()
		defer deferred("at goexit")
		runtime.Goexit()
	},
	"goexit-and-panic": func() {
		defer func() { panic("panic in goexit") }()
		runtime.Goexit()
	},
	"exit-in-deferred": func() {
		defer os.Exit(9)
		panic("not shown")
	},
	"init-like": func() {
		var table map[pair]func()
		defer func() { table[pair{}]() }()
		panic("and then a nil function")
	},
}

func main() {
	name := os.Args[1]
	println("case", name)
	cases[name]()
	println("not reached")
}
