// Timers, tickers, sleeps and deadlines in order. Only order and bounds are printed, never measured times.
package main

import (
	"context"
	"fmt"
	"sync"
	"time"
)

const unit = 10 * time.Millisecond

// race starts sleepers in a scrambled order and tells in which order they woke.
func race() {
	woke := make(chan int)
	for _, n := range []int{5, 2, 4, 1, 3} {
		go func() {
			time.Sleep(time.Duration(n) * 2 * unit)
			woke <- n
		}()
	}
	for range 5 {
		fmt.Print(<-woke, " ")
	}
	fmt.Println()
}

func timers() {
	t := time.NewTimer(unit)
	started := time.Now()
	<-t.C
	fmt.Println("fired once", time.Since(started) >= unit/2, t.Stop(), t.Reset(time.Hour), t.Stop())
	t.Reset(unit)
	select {
	case <-t.C:
		fmt.Println("fired after reset")
	case <-time.After(10 * time.Second):
		fmt.Println("late")
	}
	// A stopped or reset timer leaves nothing stale in its channel.
	t.Reset(1)
	time.Sleep(unit)
	fmt.Println("stop after firing", t.Stop(), len(t.C), cap(t.C))
	select {
	case <-t.C:
		fmt.Println("stale value")
	default:
		fmt.Println("nothing stale")
	}
	done := make(chan string, 2)
	cancelled := time.AfterFunc(time.Hour, func() { done <- "never" })
	time.AfterFunc(unit, func() { done <- "after func" })
	fmt.Println(<-done, cancelled.Stop(), cancelled.Stop())
}

func tickers() {
	ticker := time.NewTicker(unit)
	var last time.Time
	increasing := true
	for range 4 {
		now := <-ticker.C
		increasing = increasing && now.After(last)
		last = now
	}
	ticker.Reset(2 * unit)
	<-ticker.C
	ticker.Stop()
	select {
	case <-ticker.C:
		fmt.Println("tick after stop")
	case <-time.After(4 * unit):
		fmt.Println("ticks increase:", increasing)
	}
	defer func() { fmt.Println("recovered:", recover()) }()
	time.NewTicker(0)
}

func timeouts() {
	ctx, cancel := context.WithTimeout(context.Background(), unit)
	defer cancel()
	select {
	case <-ctx.Done():
		fmt.Println(ctx.Err(), context.Cause(ctx))
	case <-time.After(10 * time.Second):
		fmt.Println("too late")
	}
	_, hasDeadline := ctx.Deadline()
	fmt.Println(hasDeadline)
	results := make(chan int)
	go func() {
		defer close(results)
		for i := range 3 {
			time.Sleep(unit / 2)
			results <- i
		}
	}()
	idle := time.NewTimer(10 * time.Second)
	for {
		select {
		case n, open := <-results:
			if !open {
				fmt.Println("all results", idle.Stop())
				return
			}
			idle.Reset(10 * time.Second)
			fmt.Println("result", n)
		case <-idle.C:
			fmt.Println("idle")
		}
	}
}

func main() {
	race()
	timers()
	tickers()
	timeouts()
	var group sync.WaitGroup
	var mu sync.Mutex
	fired := 0
	for i := range 1000 {
		group.Add(1)
		time.AfterFunc(time.Duration(i%17)*time.Millisecond, func() {
			mu.Lock()
			fired++
			mu.Unlock()
			group.Done()
		})
	}
	group.Wait()
	fmt.Println(fired, "timers")
	time.Sleep(-1)
	time.Sleep(0)
	monotonic := time.Now()
	fmt.Println(time.Until(monotonic.Add(time.Hour)) > 59*time.Minute, monotonic.Round(0).Equal(monotonic))
}
