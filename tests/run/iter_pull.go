// Package iter: sequences pushed and pulled, zipped, merged, stopped early, and panicking in between.
package main

import (
	"fmt"
	"iter"
	"maps"
	"runtime"
	"slices"
	"strings"
)

type tree struct {
	left, right *tree
	value       int
}

func (t *tree) insert(value int) *tree {
	if t == nil {
		return &tree{value: value}
	}
	if value < t.value {
		t.left = t.left.insert(value)
	} else {
		t.right = t.right.insert(value)
	}
	return t
}

func (t *tree) all() iter.Seq[int] {
	return func(yield func(int) bool) { t.push(yield) }
}

func (t *tree) push(yield func(int) bool) bool {
	return t == nil || t.left.push(yield) && yield(t.value) && t.right.push(yield)
}

func build(values ...int) *tree {
	var t *tree
	for _, v := range values {
		t = t.insert(v)
	}
	return t
}

func merge[T any](less func(a, b T) bool, a, b iter.Seq[T]) iter.Seq[T] {
	return func(yield func(T) bool) {
		nextA, stopA := iter.Pull(a)
		defer stopA()
		nextB, stopB := iter.Pull(b)
		defer stopB()
		x, okA := nextA()
		y, okB := nextB()
		for okA || okB {
			if okA && (!okB || !less(y, x)) {
				if !yield(x) {
					return
				}
				x, okA = nextA()
			} else {
				if !yield(y) {
					return
				}
				y, okB = nextB()
			}
		}
	}
}

func zip[A, B any](a iter.Seq[A], b iter.Seq[B]) iter.Seq2[A, B] {
	return func(yield func(A, B) bool) {
		next, stop := iter.Pull(b)
		defer stop()
		for x := range a {
			y, ok := next()
			if !ok || !yield(x, y) {
				return
			}
		}
	}
}

func naturals(log *[]string) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer func() { *log = append(*log, "naturals closed") }()
		for i := 0; yield(i); i++ {
		}
	}
}

func sameFringe(a, b *tree) bool {
	nextA, stopA := iter.Pull(a.all())
	defer stopA()
	nextB, stopB := iter.Pull(b.all())
	defer stopB()
	for {
		x, okA := nextA()
		y, okB := nextB()
		if okA != okB || x != y {
			return false
		}
		if !okA {
			return true
		}
	}
}

func main() {
	var log []string
	evens, odds := build(8, 2, 6, 4, 12, 10), build(7, 3, 9, 1, 5)
	fmt.Println(slices.Collect(merge(func(a, b int) bool { return a < b }, evens.all(), odds.all())))
	for n, word := range zip(naturals(&log), slices.Values(strings.Fields("zero one two three"))) {
		if n == 3 {
			break
		}
		fmt.Print(n, "=", word, " ")
	}
	fmt.Println(log)
	fmt.Println(sameFringe(build(1, 2, 3, 4), build(3, 1, 4, 2)), sameFringe(build(1, 2), build(1, 2, 3)))
	next, stop := iter.Pull2(maps.All(map[string]int{"only": 1}))
	key, value, ok := next()
	_, _, more := next()
	stop()
	_, _, again := next()
	fmt.Println(key, value, ok, more, again)
	before := runtime.NumGoroutine()
	unused, stopUnused := iter.Pull(naturals(&log))
	stopUnused()
	zero, ok := unused()
	fmt.Println(zero, ok, len(log), runtime.NumGoroutine() == before)
	// A panic in the sequence comes out of next, or of stop.
	fragile := func(yield func(int) bool) {
		defer func() { log = append(log, "fragile closed") }()
		if yield(1) {
			panic("sequence broke")
		}
		panic("broke at stop")
	}
	for _, pulls := range []int{2, 1} {
		func() {
			next, stop := iter.Pull(fragile)
			defer func() { fmt.Println("recovered:", recover()) }()
			defer stop()
			for range pulls {
				fmt.Print(next())
				fmt.Print(" ")
			}
		}()
	}
	fmt.Println(log[len(log)-2:])
	// Sieve: each filter pulls from the one before.
	source, stopSource := iter.Pull(func(yield func(int) bool) {
		for n := 2; yield(n); n++ {
		}
	})
	var stops []func()
	for range 15 {
		prime, _ := source()
		fmt.Print(prime, " ")
		from := source
		filtered, stopFilter := iter.Pull(func(yield func(int) bool) {
			for {
				n, ok := from()
				if !ok || n%prime != 0 && !yield(n) {
					return
				}
			}
		})
		source, stops = filtered, append(stops, stopFilter)
	}
	for _, stop := range slices.Backward(stops) {
		stop()
	}
	stopSource()
	fmt.Println()
}
