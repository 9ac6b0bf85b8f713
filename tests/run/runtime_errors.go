//run:case nil-pointer
//run:case nil-map
//run:case nil-func
//run:case index
//run:case index-negative
//run:case index-string
//run:case slice
//run:case slice-order
//run:case slice3
//run:case slice-cap
//run:case array-conversion
//run:case divide
//run:case shift
//run:case makeslice
//run:case makechan
//run:case assert
//run:case assert-nil
//run:case assert-missing
//run:case assert-same-name
//run:case unhashable
//run:case uncomparable
//run:case close-nil
//run:case close-closed
//run:case send-closed
//run:case nil-method
//run:case nil-interface
//run:case unsafe-slice
//run:case all-recovered

// The errors that the language itself raises, in the words of the runtime; uncaught one by one, and recovered together.
package main

import (
	"io"
	"os"
	"runtime"
	"unsafe"
)

type node struct {
	next  *node
	value [4]int
}

func (n node) get() int { return n.value[0] }

type getter interface{ get() int }

// Values that the compiler cannot know.
var (
	three         = 3
	minusOne      = -1
	zero          = 0
	list          = []int{1, 2, 3}
	text          = "text"
	missing       *node
	nothing       any
	number        any = 7
	reader        io.Reader
	function      func(int) int
	channel       chan int
	table         map[string]int
	noGetter      getter
	closedChannel = make(chan int)
)

var cases = []struct {
	name string
	do   func() any
}{
	{"nil-pointer", func() any { return missing.next.value[1] }},
	{"nil-map", func() any { table["x"]++; return nil }},
	{"nil-func", func() any { return function(1) }},
	{"index", func() any { return list[three] }},
	{"index-negative", func() any { list[minusOne] = 1; return nil }},
	{"index-string", func() any { return text[three+5] }},
	{"slice", func() any { return list[:three+5] }},
	{"slice-order", func() any { return list[three : three-1] }},
	{"slice3", func() any { return list[: 2 : three+9] }},
	{"slice-cap", func() any { return text[three+4:] }},
	{"array-conversion", func() any { return [4]int(list) }},
	{"divide", func() any { return three / zero }},
	{"shift", func() any { return 1 << minusOne }},
	{"makeslice", func() any { return make([]int, minusOne) }},
	{"makechan", func() any { return make(chan int, minusOne) }},
	{"assert", func() any { return number.(string) }},
	{"assert-nil", func() any { return nothing.(int) }},
	{"assert-missing", func() any { return number.(getter) }},
	{"assert-same-name", func() any {
		type node struct{}
		return any(node{}).(interface{ get() string })
	}},
	{"unhashable", func() any { return map[any]int{list: 1} }},
	{"uncomparable", func() any {
		a, b := any(func() {}), any(func() {})
		if zero == 1 {
			b = 1
		}
		return a == b
	}},
	{"close-nil", func() any { close(channel); return nil }},
	{"close-closed", func() any { close(closedChannel); close(closedChannel); return nil }},
	{"send-closed", func() any {
		c := make(chan int, 1)
		close(c)
		c <- 1
		return nil
	}},
	{"nil-method", func() any { return missing.get() }},
	{"nil-interface", func() any { n, _ := reader.Read(nil); return noGetter.get() + n }},
	{"unsafe-slice", func() any { return unsafe.Slice(&three, minusOne) }},
}

func recovered(name string, do func() any) {
	defer func() {
		problem := recover()
		err, ok := problem.(runtime.Error)
		if !ok {
			println(name, "is no runtime.Error")
			return
		}
		_, assertion := problem.(*runtime.TypeAssertionError)
		println(name+":", err.Error(), assertion)
	}()
	do()
	println(name, "did not panic")
}

func main() {
	for _, c := range cases {
		if os.Args[1] == "all-recovered" {
			if c.name == "close-closed" {
				closedChannel = make(chan int)
			}
			recovered(c.name, c.do)
		} else if c.name == os.Args[1] {
			c.do()
			println("did not panic")
		}
	}
}
