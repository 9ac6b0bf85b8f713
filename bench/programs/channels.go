// Goroutines: a sieve of filters, workers, a ring, select, a mutex and a wait group.
package main

import (
	"fmt"
	"sync"
)

func generate(out chan<- int) {
	for i := 2; ; i++ {
		out <- i
	}
}

func filter(in <-chan int, out chan<- int, prime int) {
	for {
		if i := <-in; i%prime != 0 {
			out <- i
		}
	}
}

func sieve(count int) int {
	in := make(chan int)
	go generate(in)
	prime := 0
	for range count {
		prime = <-in
		out := make(chan int)
		go filter(in, out, prime)
		in = out
	}
	return prime
}

func workers(count, tasks int) int {
	in, out := make(chan int, 16), make(chan int, 16)
	var group sync.WaitGroup
	for range count {
		group.Add(1)
		go func() {
			defer group.Done()
			for task := range in {
				result := task
				for range 50 {
					result = result*1103515245&0x7fffffff + 12345
				}
				out <- result & 0xff
			}
		}()
	}
	go func() {
		for task := range tasks {
			in <- task
		}
		close(in)
		group.Wait()
		close(out)
	}()
	total := 0
	for result := range out {
		total += result
	}
	return total
}

func ring(members, laps int) int {
	first := make(chan int)
	in := first
	for range members {
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
	for range laps {
		first <- token
		token = <-in
	}
	close(first)
	<-in
	return token
}

func choose(rounds int) int {
	evens, odds, done := make(chan int), make(chan int), make(chan struct{})
	var mutex sync.Mutex
	shared := 0
	send := func(out chan<- int, start int) {
		for i := start; i < rounds; i += 2 {
			out <- i
			mutex.Lock()
			shared += i & 3
			mutex.Unlock()
		}
		done <- struct{}{}
	}
	go send(evens, 0)
	go send(odds, 1)
	total, left := 0, 2
	for left > 0 {
		select {
		case i := <-evens:
			total += i
		case i := <-odds:
			total -= i
		case <-done:
			left--
		}
	}
	return total + shared
}

func main() {
	fmt.Println(sieve(500), workers(20, 100_000), ring(300, 600), choose(400_000))
}
