// Functions as values: closures over variables, generic combinators, iterators, deferred calls.
package main

import (
	"fmt"
	"iter"
)

func compose[A, B, C any](f func(A) B, g func(B) C) func(A) C {
	return func(a A) C { return g(f(a)) }
}

func count(limit int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range limit {
			if !yield(i) {
				return
			}
		}
	}
}

func mapped[T, U any](in iter.Seq[T], f func(T) U) iter.Seq[U] {
	return func(yield func(U) bool) {
		for value := range in {
			if !yield(f(value)) {
				return
			}
		}
	}
}

func kept[T any](in iter.Seq[T], keep func(T) bool) iter.Seq[T] {
	return func(yield func(T) bool) {
		for value := range in {
			if keep(value) && !yield(value) {
				return
			}
		}
	}
}

func fold[T, A any](in iter.Seq[T], start A, f func(A, T) A) A {
	for value := range in {
		start = f(start, value)
	}
	return start
}

type parser func(input string) (rest string, value int, ok bool)

func digit(input string) (string, int, bool) {
	if input == "" || input[0] < '0' || input[0] > '9' {
		return input, 0, false
	}
	return input[1:], int(input[0] - '0'), true
}

func many(p parser, join func(a, b int) int) parser {
	return func(input string) (string, int, bool) {
		rest, total, ok := p(input)
		if !ok {
			return input, 0, false
		}
		for {
			next, value, ok := p(rest)
			if !ok {
				return rest, total, true
			}
			rest, total = next, join(total, value)
		}
	}
}

func after(mark byte, p parser) parser {
	return func(input string) (string, int, bool) {
		if input == "" || input[0] != mark {
			return input, 0, false
		}
		return p(input[1:])
	}
}

func either(parsers ...parser) parser {
	return func(input string) (string, int, bool) {
		for _, p := range parsers {
			if rest, value, ok := p(input); ok {
				return rest, value, true
			}
		}
		return input, 0, false
	}
}

func guarded(f func(int) int, x int) (result int) {
	defer func() { result += x & 1 }()
	return f(x)
}

func main() {
	even := func(x int) bool { return x%2 == 0 }
	square := func(x int) int { return x * x & 0xffff }
	half := func(x int) float64 { return float64(x) / 2 }
	sum := fold(mapped(kept(count(30_000_000), even), compose(square, half)), 0.0, func(a, x float64) float64 { return a + x })

	number := many(digit, func(a, b int) int { return a*10 + b })
	expression := many(either(after('+', number), number), func(a, b int) int { return a + b })
	total := 0
	for range 500_000 {
		_, value, _ := expression("12+345+6+7890+11+4")
		total += value
	}

	accumulators := make([]func(int) int, 64)
	for i := range accumulators {
		state := i
		accumulators[i] = func(x int) int {
			state = (state*31 + x) & 0xffffff
			return state
		}
	}
	for i := range 20_000_000 {
		total += guarded(accumulators[i%64], i) & 3
	}
	fmt.Println(int64(sum), total)
}
