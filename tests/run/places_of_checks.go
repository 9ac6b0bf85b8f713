//run:trace
//run:case index
//run:case field
//run:case op
//run:case parallel

// A failed check is where the index or the pointer stands, also when the value that is assigned stands elsewhere.
package main

import "os"

type pair struct{ a, b int }

var (
	none *pair
	list []pair
	i    = 9
)

func value() int { return 1 }

func main() {
	switch os.Args[1] {
	case "index":
		list[i].a =
			value()
	case "field":
		none.b =
			3
	case "op":
		list[i].
			b +=
			i
	case "parallel":
		i, list[i].a =
			1,
			2
	}
}
