// Channels and select: buffering, closing, directions, nil channels, fairness, fan-in, semaphores, a token ring.
package main

import (
	"fmt"
	"slices"
	"sync"
)

type message struct {
	from string
	body [3]int
	back chan<- string
}

func stages() {
	source := make(chan int)
	go func() {
		defer close(source)
		for i := range 10 {
			source <- i
		}
	}()
	square := func(in <-chan int) <-chan int {
		out := make(chan int, 2)
		go func() {
			defer close(out)
			for n := range in {
				out <- n * n
			}
		}()
		return out
	}
	sum := 0
	for n := range square(square(source)) {
		sum += n
	}
	fmt.Println(sum)
}

func buffers() {
	c := make(chan string, 3)
	c <- "a"
	c <- "b"
	fmt.Println(len(c), cap(c), <-c)
	close(c)
	last, ok := <-c
	zero, closed := <-c
	fmt.Printf("%q %v %q %v\n", last, ok, zero, closed)
	select {
	case v, ok := <-c:
		fmt.Println("closed channel is ready:", v == "", ok)
	default:
		fmt.Println("not ready")
	}
	full := make(chan int, 1)
	for i := range 3 {
		select {
		case full <- i:
			fmt.Print("sent ", i, " ")
		default:
			fmt.Print("full ", i, " ")
		}
	}
	var none chan int
	select {
	case <-none:
	case none <- 1:
	default:
		fmt.Println("nil channels are never ready")
	}
	empty := make(chan struct{}, 1000)
	for range 1000 {
		empty <- struct{}{}
	}
	fmt.Println(len(empty))
}

func merge(inputs ...<-chan int) []int {
	a, b := inputs[0], inputs[1]
	var out []int
	for a != nil || b != nil {
		select {
		case n, ok := <-a:
			if !ok {
				a = nil
				continue
			}
			out = append(out, n)
		case n, ok := <-b:
			if !ok {
				b = nil
				break
			}
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out
}

func server() {
	requests := make(chan message)
	done := make(chan bool)
	go func() {
		for m := range requests {
			m.back <- fmt.Sprint(m.from, m.body)
		}
		done <- true
	}()
	replies := make(chan string)
	var group sync.WaitGroup
	for i := range 5 {
		group.Go(func() { requests <- message{fmt.Sprint("client ", i), [3]int{i, i * i, -i}, replies} })
	}
	var all []string
	for range 5 {
		all = append(all, <-replies)
	}
	group.Wait()
	close(requests)
	slices.Sort(all)
	fmt.Println(all, <-done)
}

func fairness() {
	a, b, quit := make(chan int), make(chan int), make(chan bool)
	for _, c := range []chan int{a, b} {
		go func() {
			for {
				select {
				case c <- 1:
				case <-quit:
					return
				}
			}
		}()
	}
	counts := [2]int{}
	for range 1000 {
		select {
		case <-a:
			counts[0]++
		case <-b:
			counts[1]++
		}
	}
	close(quit)
	// Nothing promises a share to either, but that none of two ready channels is left out for ever.
	fmt.Println(counts[0]+counts[1], counts[0] > 0, counts[1] > 0)
}

func ring(n int) {
	first := make(chan int, 1)
	in := first
	for range n - 1 {
		out := make(chan int)
		go func(in <-chan int, out chan<- int) {
			for token := range in {
				out <- token + 1
			}
			close(out)
		}(in, out)
		in = out
	}
	token := 0
	for range 100 {
		first <- token
		token = <-in + 1
	}
	close(first)
	_, open := <-in
	fmt.Println(token, open)
}

func order() {
	calls := []string{}
	channel := func(name string, c chan int) chan int { calls = append(calls, name); return c }
	value := func(n int) int { calls = append(calls, fmt.Sprint("value ", n)); return n }
	c := make(chan int, 1)
	list := []int{0, 0}
	select {
	case list[value(1)] = <-channel("receive", nil):
	case channel("send", c) <- value(7):
	}
	select {
	case list[value(1)-value(0)] = <-channel("again", c):
	}
	fmt.Println(list, calls)
	results := make(chan (<-chan func() string), 1)
	inner := make(chan func() string, 1)
	inner <- func() string { return "from a channel in a channel" }
	results <- inner
	fmt.Println((<-<-results)())
}

func main() {
	stages()
	buffers()
	a, b := make(chan int), make(chan int)
	go func() { defer close(a); a <- 3; a <- 1 }()
	go func() { defer close(b); b <- 2 }()
	fmt.Println(merge(a, b))
	server()
	fairness()
	ring(50)
	order()
	limit, peak, running := make(chan struct{}, 3), 0, 0
	var mu sync.Mutex
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			limit <- struct{}{}
			defer func() { <-limit }()
			mu.Lock()
			running++
			peak = max(peak, running)
			mu.Unlock()
			c := make(chan bool)
			go close(c)
			<-c
			mu.Lock()
			running--
			mu.Unlock()
		})
	}
	group.Wait()
	fmt.Println(peak <= 3, running)
}
