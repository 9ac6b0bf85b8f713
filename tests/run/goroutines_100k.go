// A hundred thousand goroutines at once, parked on channels, every tenth of them below recursive frames.
package main

import "fmt"

const goroutines = 100_000

// wait parks at the bottom of a recursion; each frame has something to add when it is woken.
func wait(depth int, in <-chan int) int {
	if depth == 0 {
		return <-in
	}
	local := [2]int{depth, 1}
	below := wait(depth-1, in)
	return below + local[1]
}

// relay is recursive through a closure and parks on the way down as well.
func relay(depth int, in <-chan int, ticks chan<- int) int {
	next := func() int { return relay(depth-1, in, ticks) }
	if depth == 0 {
		return <-in
	}
	if depth%8 == 0 {
		ticks <- 1
	}
	return next() + 1
}

func main() {
	in, out := make(chan int), make(chan int)
	for i := range goroutines {
		if i%10 == 0 {
			depth := i / 10 % 50
			go func() { out <- wait(depth, in) - depth }()
		} else {
			go func() {
				n := <-in
				out <- n
			}()
		}
	}
	go func() {
		for i := range goroutines {
			in <- i
		}
	}()
	sum := 0
	for range goroutines {
		sum += <-out
	}
	fmt.Println(sum == goroutines*(goroutines-1)/2, sum)

	ticks := make(chan int)
	for i := range 1000 {
		go func() { out <- relay(i%100, in, ticks) - i%100 }()
	}
	go func() {
		for i := range 1000 {
			in <- -i
		}
	}()
	sum, ticked := 0, 0
	for range 1000 {
		for results := 0; results == 0; {
			select {
			case n := <-out:
				sum += n
				results++
			case n := <-ticks:
				ticked += n
			}
		}
	}
	fmt.Println(sum, ticked)

	// A chain: each goroutine hands on to the next, through all of them.
	first := make(chan int)
	last := first
	for range goroutines {
		next := make(chan int)
		go func(from, to chan int) { to <- 1 + <-from }(last, next)
		last = next
	}
	first <- 0
	fmt.Println(<-last)
}
