//run:trace
//run:case go
//run:case second
//run:case defer
//run:case literal
//run:case method

// What `go` and `defer` make of calls with arguments has names and places in traces.
package main

import "os"

type stringer interface{ String(int) string }

func ignore(int) {}

func main() {
	var f func(int)
	switch os.Args[1] {
	case "go":
		go f(1)
		select {}
	case "second":
		go ignore(1)
		defer println("not reached")
		go f(
			2,
		)
		select {}
	case "defer":
		defer f(3)
	case "literal":
		func() {
			defer f(4)
		}()
	case "method":
		var g func(stringer, int) string
		defer g(nil, 5)
	}
}
