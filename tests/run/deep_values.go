//run:case compare
//run:case compare-elements
//run:case hash
//run:case hash-fields
//run:case deferred
//run:case panics

// Values nested as deep as no stack of the host is: comparing and hashing recurs in the runtime, between functions that
// the compiler makes.
package main

import (
	"fmt"
	"os"
)

type stringer interface{ String() string }

type link struct {
	name string
	next stringer
}

func (l link) String() string { return l.name }

func nested(depth int) any {
	var v any = 1
	for range depth {
		v = [1]any{v}
	}
	return v
}

func linked(depth int) stringer {
	l := link{name: "end"}
	for i := range depth {
		l = link{fmt.Sprint(i), l}
	}
	return l
}

func deferred(n int) (depth int) {
	if n > 0 {
		defer func() { depth += deferred(n - 1) }()
	}
	return 1
}

func panics(n int) (depth int) {
	defer func() {
		recover()
		if n > 0 {
			depth = 1 + panics(n-1)
		}
	}()
	panic(n)
}

func main() {
	switch os.Args[1] {
	case "compare":
		fmt.Println(nested(200_000) == nested(200_000))
	case "compare-elements":
		fmt.Println(linked(100_000) == linked(100_000))
	case "hash":
		m := map[any]int{nested(100_000): 1}
		fmt.Println(m[nested(100_000)])
	case "hash-fields":
		m := map[stringer]int{linked(100_000): 1}
		fmt.Println(m[linked(100_000)])
	case "deferred":
		fmt.Println(deferred(100_000))
	case "panics":
		fmt.Println(panics(100_000))
	}
}
