// Conversions of strings and bytes that need no copy, and other things that need no allocation.
package main

import (
	"fmt"
	"testing"
)

type key string

var m = map[string]int{"abc": 1, "x": 2}
var mk = map[key]int{"abc": 1}
var sink any

//go:noinline
func lookup(b []byte) (int, bool, int) {
	n := m[string(b)]
	_, ok := m[string(b)]
	return n, ok, mk[key(b)]
}

//go:noinline
func compare(b []byte, s string) (n int) {
	if string(b) == s {
		n++
	}
	if string(b) < s {
		n += 2
	}
	if s != string(b) {
		n += 4
	}
	switch string(b) {
	case "abc":
		n += 8
	case "d", "e", "f", "g", "h", "i":
		n += 16
	}
	return n
}

//go:noinline
func sum(s string) (n int) {
	for i, c := range []byte(s) {
		n += i * int(c)
	}
	return n + len([]rune(s))
}

//go:noinline
func grow(s []int, n int) []int { return append(s, make([]int, n)...) }

//go:noinline
func clearing(m map[int]string) int {
	for k := range m {
		delete(m, k)
	}
	return len(m)
}

//go:noinline
func box(x int, y uint16, z int8, w rune) {
	sink = x
	sink = y
	sink = z
	sink = w
}

func main() {
	b := []byte("abc")
	fmt.Println(lookup(b))
	fmt.Println(compare(b, "abc"), compare(b, "abd"), compare([]byte("e"), "a"))
	fmt.Println(sum("héllo"))
	s := make([]int, 2, 100)
	fmt.Println(len(grow(s, 50)), cap(grow(s, 50)), grow([]int{1}, 2))
	fmt.Println(clearing(map[int]string{1: "a", 2: "b"}))
	box(255, 255, -1, 'x')
	fmt.Println(sink)
	box(256, 300, 7, -1)
	fmt.Println(sink, "<"+string(b)+">", "a"+string(b))
	func() {
		defer func() { fmt.Println(recover()) }()
		grow(nil, -1)
	}()
	for _, f := range []func(){
		func() { lookup(b) },
		func() { compare(b, "abd") },
		func() { sum("hello") },
		func() { grow(s, 50) },
		func() { box(1, 2, 3, 4) },
	} {
		fmt.Println(testing.AllocsPerRun(10, f))
	}
}
