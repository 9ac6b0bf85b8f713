//run:case receive
//run:case send
//run:case nil-channel
//run:case select
//run:case empty-select
//run:case mutex
//run:case waitgroup
//run:case cond
//run:case range
//run:case goroutines
//run:case main-gone
//run:case deferred
//run:case unlock-twice
//run:case negative-waitgroup
//run:case runlock

// Ends that are no panics: all goroutines asleep, and fatal errors that nobody can recover.
package main

import (
	"os"
	"runtime"
	"sync"
)

var cases = map[string]func(){
	"receive":     func() { <-make(chan int) },
	"send":        func() { make(chan string) <- "nobody listens" },
	"nil-channel": func() { var c chan int; c <- 1 },
	"select": func() {
		a, b := make(chan int), make(chan int)
		select {
		case <-a:
		case b <- 1:
		}
	},
	"empty-select": func() { select {} },
	"mutex":        func() { var mu sync.Mutex; mu.Lock(); mu.Lock() },
	"waitgroup":    func() { var group sync.WaitGroup; group.Add(1); group.Wait() },
	"cond": func() {
		cond := sync.NewCond(new(sync.Mutex))
		cond.L.Lock()
		cond.Wait()
	},
	"range": func() {
		c := make(chan int, 3)
		c <- 1
		for n := range c {
			println("got", n)
		}
	},
	"goroutines": func() {
		a, b := make(chan int), make(chan int)
		go func() { a <- <-b }()
		go func() { b <- <-a }()
		runtime.Gosched()
		<-a
	},
	"main-gone": func() {
		go func() { select {} }()
		runtime.Goexit()
	},
	"deferred": func() {
		defer println("not printed")
		defer func() { recover() }()
		<-make(chan bool)
	},
	"unlock-twice": func() {
		defer func() { recover() }()
		var mu sync.Mutex
		mu.Unlock()
	},
	"negative-waitgroup": func() { new(sync.WaitGroup).Done() },
	"runlock": func() {
		defer println("fatal errors run no deferred calls")
		var rw sync.RWMutex
		rw.RUnlock()
	},
}

func main() {
	println("case", os.Args[1])
	cases[os.Args[1]]()
	println("not reached")
}
