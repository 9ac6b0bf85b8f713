// Where recover works: called directly by a deferred function, in whatever form that function comes, and nowhere else.
package main

import "fmt"

type handler struct{ name string }

func (h handler) Value()    { fmt.Print(h.name, " value method: ", recover(), "; ") }
func (h *handler) Pointer() { fmt.Print(h.name, " pointer method: ", recover(), "; ") }

type embeds struct{ *handler }
type embedsDeep struct{ embeds }

type valuer interface{ Value() }
type pointerer interface{ Pointer() }
type both interface {
	valuer
	pointerer
}

func direct()           { fmt.Print("function: ", recover(), "; ") }
func helper() any       { return recover() }
func indirect()         { fmt.Print("through helper: ", helper(), "; ") }
func variadic(_ ...any) { fmt.Print("variadic: ", recover(), "; ") }

func generic[T any](value T) { fmt.Printf("generic %T: %v; ", value, recover()) }

type box[T any] struct{ value T }

func (b box[T]) Method() { fmt.Printf("generic method %T: %v; ", b, recover()) }

func try(deferring func()) {
	defer func() { fmt.Println("outer:", recover()) }()
	deferring()
	fmt.Print("not recovered inside? ")
}

var global = func() { fmt.Print("global closure: ", recover(), "; ") }

func main() {
	h := &handler{"h"}
	table := map[string]func(){"entry": func() { fmt.Print("from a map: ", recover(), "; ") }}
	for i, body := range []func(){
		func() { defer direct(); panic(0) },
		func() { defer indirect(); panic(1) },
		func() { defer func() { direct() }(); panic(2) },
		func() { defer func() { fmt.Print("closure: ", recover(), "; ") }(); panic(3) },
		func() { defer h.Value(); panic(4) },
		func() { defer h.Pointer(); panic(5) },
		func() { defer embeds{h}.Value(); panic(6) },
		func() { defer embedsDeep{embeds{h}}.Pointer(); panic(7) },
		func() { var v valuer = h; defer v.Value(); panic(8) },
		func() { var v valuer = embedsDeep{embeds{h}}; defer v.Value(); panic(9) },
		func() { var p pointerer = &embedsDeep{embeds{h}}; defer p.Pointer(); panic(10) },
		func() { f := h.Value; defer f(); panic(11) },
		func() { f := (*handler).Value; defer f(h); panic(12) },
		func() { f := both.Pointer; defer f(h); panic(13) },
		func() { var b both = h; f := b.Value; defer f(); panic(14) },
		func() { defer recover(); panic(15) },
		func() {
			defer func() { defer func() { fmt.Print("deferred in deferred: ", recover(), "; ") }() }()
			panic(16)
		},
		func() { defer generic(1.5); panic(17) },
		func() { defer box[string]{"x"}.Method(); panic(18) },
		func() { var i interface{ Method() } = &box[int]{1}; defer i.Method(); panic(19) },
		func() { defer global(); panic(20) },
		func() { defer table["entry"](); panic(21) },
		func() { defer variadic(1, "x"); panic(22) },
		func() { defer func(f func() any) { fmt.Print("parameter: ", f(), "; ") }(helper); panic(23) },
		func() { defer fmt.Print("argument: ", recover(), "; "); panic(24) },
		func() {
			defer func() {
				for range 1 {
					fmt.Print("in a loop: ", recover(), "; ")
				}
			}()
			panic(25)
		},
		func() {
			defer func() {
				for range func(yield func() bool) { yield() } {
					fmt.Print("in a range func: ", recover(), "; ")
				}
			}()
			panic(26)
		},
		func() { defer (*handler).Pointer(h); panic(27) },
		func() { defer func() { go func() { recover() }() }(); panic(28) },
		func() { defer func() { func() { defer direct() }() }(); panic(29) },
	} {
		fmt.Print(i, ": ")
		try(body)
	}
	nested()
	fmt.Println("no panic:", recover())
}

func nested() {
	defer func() { fmt.Println("last:", recover()) }()
	defer func() {
		defer func() {
			fmt.Print("inner sees ", recover(), "; ")
			defer func() { fmt.Print("third ", recover(), "; ") }()
			panic("third")
		}()
		panic("second")
	}()
	func() {
		defer func() {
			fmt.Print("first recovered ", recover(), ", then ", recover(), "; ")
			func() {
				defer func() { fmt.Print("afresh ", recover(), "; ") }()
				panic("afresh")
			}()
		}()
		panic("before")
	}()
	panic("first")
}
