// Deferred calls that wait for other goroutines while their function panics, and recover afterwards or not.
package main

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"
)

var errWork = errors.New("work failed")

// worker answers on a channel after some time and some scheduling.
func worker(answer chan<- string, text string) {
	for range 3 {
		runtime.Gosched()
	}
	time.Sleep(time.Millisecond)
	answer <- text
}

func receives() (result string, err error) {
	local := []string{"kept"}
	defer func() {
		answer := make(chan string)
		go worker(answer, "from the worker")
		text := <-answer
		problem := recover()
		result = fmt.Sprint(text, "; recovered ", problem, "; ", local)
		err = errWork
	}()
	local = append(local, "and changed")
	panic("while deferred")
}

func several() (log []string) {
	step := make(chan string)
	for i := range 4 {
		defer func() {
			go worker(step, fmt.Sprint("step ", i))
			log = append(log, <-step)
			if i == 1 {
				log = append(log, fmt.Sprint("recovered ", recover()))
			}
		}()
	}
	func() {
		defer func() { log = append(log, "inner "+<-step) }()
		go worker(step, "one level down")
		var m map[string]int
		m["x"] = 1
	}()
	return append(log, "not reached")
}

func panicsAgain() (text string) {
	defer func() { text = fmt.Sprint("outer ", recover()) }()
	defer func() {
		time.Sleep(time.Millisecond)
		panic(fmt.Sprint("second after ", recover()))
	}()
	panic("first")
}

func replaced() (text string) {
	var mu sync.Mutex
	mu.Lock()
	defer func() { text = fmt.Sprint(recover()) }()
	defer func() {
		go func() {
			time.Sleep(time.Millisecond)
			mu.Unlock()
		}()
		mu.Lock()
		panic("replacing")
	}()
	panic("replaced")
}

// deep panics below frames that are not deferring, with loops and locals around.
func deep(n int, group *sync.WaitGroup) int {
	if n == 0 {
		group.Wait()
		panic(errWork)
	}
	total := 0
	for i := range 2 {
		total += deep(n-1, group) + i
	}
	return total
}

func throughFrames() (n int, err error) {
	var group sync.WaitGroup
	group.Add(1)
	go func() {
		time.Sleep(time.Millisecond)
		group.Done()
	}()
	defer func() {
		signal := make(chan error, 1)
		select {
		case err = <-signal:
		case <-time.After(time.Millisecond):
			err, _ = recover().(error)
		}
		n++
	}()
	n = 41
	n = deep(5, &group)
	return n, nil
}

func rangeBody() (seen []int) {
	numbers := func(yield func(int) bool) {
		defer func() { time.Sleep(time.Millisecond); seen = append(seen, -1) }()
		for i := range 5 {
			if !yield(i) {
				return
			}
		}
	}
	defer func() {
		runtime.Gosched()
		seen = append(seen, recover().(int))
	}()
	for n := range numbers {
		defer func() { time.Sleep(time.Millisecond); seen = append(seen, n*10) }()
		if n == 2 {
			panic(99)
		}
	}
	return nil
}

func main() {
	fmt.Println(receives())
	fmt.Println(several())
	fmt.Println(panicsAgain())
	fmt.Println(replaced())
	fmt.Println(throughFrames())
	fmt.Println(rangeBody())
	var group sync.WaitGroup
	results := make([]string, 20)
	for i := range results {
		group.Go(func() { results[i], _ = receives() })
	}
	group.Wait()
	same := 0
	for _, r := range results {
		if r == results[0] {
			same++
		}
	}
	fmt.Println(same, results[0])
}
