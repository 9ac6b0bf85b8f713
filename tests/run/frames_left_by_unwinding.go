// Goroutines whose resumed functions are left by recoveries and Goexit: what was saved of them is freed.
package main

import (
	"fmt"
	"runtime"
	"time"
)

func recovered(c chan int) {
	defer func() { recover() }()
	func() {
		<-c
		panic(1)
	}()
}

func recoveredBelow(c chan int) {
	defer func() { recover() }()
	func() {
		defer func() { <-c }()
		func() {
			<-c
			panic(1)
		}()
	}()
}

func exited(c chan int) {
	done := make(chan bool)
	go func() {
		defer close(done)
		func() {
			<-c
			runtime.Goexit()
		}()
	}()
	<-done
}

func exitedParking(c chan int) {
	done := make(chan bool)
	go func() {
		defer close(done)
		defer func() { <-c }()
		func() {
			<-c
			runtime.Goexit()
		}()
	}()
	<-done
}

func stacks() int64 {
	runtime.GC()
	time.Sleep(time.Millisecond)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.StackInuse)
}

func main() {
	c := make(chan int)
	go func() {
		for {
			c <- 1
		}
	}()
	ways := []struct {
		name string
		run  func(chan int)
	}{{"recovered", recovered}, {"recovered below", recoveredBelow}, {"exited", exited}, {"exited parking", exitedParking}}
	for _, way := range ways {
		for range 20000 {
			way.run(c)
		}
		before := stacks()
		for range 80000 {
			way.run(c)
		}
		if grown := stacks() - before; grown < -1<<20 || grown > 1<<20 {
			fmt.Println(way.name, "has grown by", grown, "bytes")
		} else {
			fmt.Println(way.name, "stays")
		}
	}
}
