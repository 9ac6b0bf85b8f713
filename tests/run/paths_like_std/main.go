//run:case escape
//run:case methods
//run:case cleanup
//run:case overflow

// Import paths that begin as those of the standard library do are nothing special.
package main

import (
	"os"
	"runtime"

	"net.example.com/cleaned"
	"reflect.example/methods"
	"runtime.dev/app/escape"
	"runtime.dev/app/internal/deep"
)

type T struct{}

func (T) FindAnswer() int { return 42 }

var kept *cleaned.T

//go:noinline
func dropped(done *bool) {
	kept = cleaned.New(done)
	kept = nil
}

func main() {
	switch os.Args[1] {
	case "escape":
		a, b := escape.New(1), escape.New(2)
		c, d := escape.Make(3), escape.Make(4)
		println(a.A, b.A, c.A, d.A, a == b, c == d)
	case "methods":
		println(methods.Call(T{}, "Find"))
	case "cleanup":
		done := new(bool)
		dropped(done)
		for i := 0; i < 100 && !*done; i++ {
			runtime.GC()
			runtime.Gosched()
		}
		println(*done)
	case "overflow":
		println(deep.Down(0))
	}
}
