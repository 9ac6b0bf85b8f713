// Range over functions: break, continue, labels, goto, return, defer and panics out of loop bodies that are closures.
package main

import (
	"fmt"
	"iter"
)

func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer fmt.Print("<closed ", n, ">")
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func grid(w, h int) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		for y := range h {
			for x := range w {
				if !yield(x, y) {
					return
				}
			}
		}
	}
}

func twice(yield func() bool) { _ = yield() && yield() }

// stubborn goes on after being told to stop.
func stubborn(yield func(int) bool) {
	yield(1)
	yield(2)
}

// swallowing recovers what its loop's body panics with, and lies about it.
func swallowing(yield func(int) bool) {
	defer func() { fmt.Print("<swallowed ", recover(), ">") }()
	yield(1)
}

var escaped func(int) bool

func leaking(yield func(int) bool) { escaped = yield; yield(1) }

func find(wanted int) (x, y int, err error) {
	defer func() { x *= 10 }()
	for x, y := range grid(5, 5) {
		for n := range count(x*y + 1) {
			if n == wanted {
				return x, y, nil
			}
		}
	}
	return -1, -1, fmt.Errorf("no %d", wanted)
}

func labels() {
	total := 0
outer:
	for i := range count(4) {
	middle:
		for j := range count(4) {
			for k := range count(4) {
				switch {
				case k == 1 && j == 0:
					continue middle
				case j == 2:
					continue outer
				case i == 2:
					break outer
				case k == 2:
					break middle
				}
				total += 100*i + 10*j + k
				select {
				default:
					break
				}
			}
		}
	}
	fmt.Println(total)
	for i := range count(3) {
		if i == 1 {
			goto done
		}
		for range twice {
			total++
		}
	}
	fmt.Print("not reached")
done:
	fmt.Println("done", total)
}

func defers() (log string) {
	defer func() { log += "function end" }()
	for i := range count(3) {
		defer func() { log += fmt.Sprint("deferred ", i, "; ") }()
		for range twice {
			defer func() { log += "inner; " }()
			break
		}
	}
	fmt.Print("before return ")
	return "returned; "
}

func closures() {
	var functions []func() int
	for i := range count(3) {
		functions = append(functions, func() int { i += 10; return i })
	}
	for _, f := range functions {
		fmt.Print(f(), f(), " ")
	}
	sum := 0
	var last int
	for last = range count(5) {
		sum += last
	}
	fmt.Println(sum, last)
}

func protect(name string, f func()) {
	defer func() { fmt.Println(name, "recovered:", recover()) }()
	f()
	fmt.Print("ended ")
}

func recursive(depth int) iter.Seq[string] {
	return func(yield func(string) bool) {
		if depth == 0 {
			yield("")
			return
		}
		for rest := range recursive(depth - 1) {
			for _, c := range "ab" {
				if !yield(rest + string(c)) {
					return
				}
			}
		}
	}
}

func main() {
	fmt.Println(find(6))
	fmt.Println(find(99))
	labels()
	fmt.Println(defers())
	closures()
	protect("stubborn", func() {
		for i := range stubborn {
			fmt.Print("body ", i, " ")
			break
		}
	})
	protect("body", func() {
		for i := range count(2) {
			panic(fmt.Sprint("body ", i))
		}
	})
	protect("swallowing", func() {
		for range swallowing {
			panic("lost")
		}
	})
	protect("escaped", func() {
		for range leaking {
		}
		escaped(2)
	})
	protect("nil", func() {
		var none iter.Seq[int]
		for range none {
		}
	})
	for text := range recursive(3) {
		fmt.Print(text, " ")
		if text == "bab" {
			break
		}
	}
	for range 2 {
		fmt.Print("int ")
	}
	for i := range uint8(3) {
		fmt.Print(i, " ")
	}
	type small int8
	for i := range small(2) {
		fmt.Printf("%T%d ", i, i)
	}
	for i, r := range "é!" {
		fmt.Print(i, string(r), " ")
	}
	array := [3]int{1, 2, 3}
	for i, v := range array {
		array[2] = 10
		fmt.Print(i, v, " ")
	}
	for i, v := range &array {
		array[2] = 20
		fmt.Print(i, v, " ")
	}
	fmt.Println()
}
