// Deferred calls that park: on return, during panics, recoveries and Goexit, in frames that were resumed.
package main

import (
	"fmt"
	"runtime"
	"time"
)

func sleep() { time.Sleep(time.Microsecond) }

type T struct{ name string }

func (t *T) close() { sleep(); fmt.Println("close", t.name) }

func level3(n int) (s string, err error) {
	t := &T{fmt.Sprint("l3-", n)}
	defer t.close()
	defer func() {
		sleep()
		if n%2 == 1 {
			if r := recover(); r != nil {
				s, err = "recovered", fmt.Errorf("%v", r)
			}
		}
	}()
	sleep()
	if n > 0 {
		panic(fmt.Sprint("p", n))
	}
	return "fine", nil
}

func level2(n int) (s string, err error) {
	defer (&T{"l2"}).close()
	return level3(n)
}

func level1(n int) (s string, err error) {
	defer func() {
		if r := recover(); r != nil {
			sleep()
			s = fmt.Sprint("level1 ", r)
			sleep()
		}
	}()
	sleep()
	s, err = level2(n)
	s += "+"
	return
}

func rethrow(n int) (r any) {
	defer func() { sleep(); r = recover() }()
	func() {
		defer func() {
			sleep()
			e := recover()
			sleep()
			panic(fmt.Sprint("again ", e))
		}()
		sleep()
		panic(n)
	}()
	return
}

func recursive(n int) {
	defer func() {
		sleep()
		if n == 3 {
			fmt.Println("rec", recover())
		}
	}()
	if n == 0 {
		sleep()
		panic("bottom")
	}
	recursive(n - 1)
}

func exits(done chan int) {
	defer close(done)
	defer func() { sleep(); done <- 1 }()
	defer func() {
		defer func() { sleep(); done <- 2; recover() }()
		sleep()
		panic("in goexit")
	}()
	func() {
		defer func() { sleep(); fmt.Println("nothing to recover:", recover()) }()
		sleep()
		runtime.Goexit()
	}()
}

func exitInDefer(done chan int) {
	defer close(done)
	defer func() { sleep(); fmt.Println("recover after goexit", recover()) }()
	defer func() { sleep(); runtime.Goexit() }()
	panic("lost")
}

func namedAndSlots() (a int, b string, c [4]int) {
	p := &a
	defer func() {
		sleep()
		recover()
		*p += 7
		c[1] = a
	}()
	for i := range c {
		c[i] = i * 10
		sleep()
		b += fmt.Sprint(c[i])
	}
	a = 5
	var m map[string]int
	m["x"] = 1
	return
}

func runtimeErrors() {
	for i := range 4 {
		func() {
			defer func() {
				sleep()
				err := recover().(runtime.Error)
				sleep()
				fmt.Println(err)
			}()
			xs := []int{1, 2, 3}
			sleep()
			switch i {
			case 0:
				fmt.Println(xs[i+5])
			case 1:
				var t *T
				fmt.Println(t.name)
			case 2:
				fmt.Println(1 / (i - 2))
			case 3:
				var e any = "s"
				fmt.Println(e.(int))
			}
		}()
	}
}

func deferLoop() {
	for i := range 5 {
		defer func() {
			sleep()
			if r := recover(); r != nil {
				fmt.Println("deferLoop", i, r)
				if i > 1 {
					panic(i)
				}
			}
		}()
	}
	sleep()
	panic("start")
}

func main() {
	for n := range 4 {
		fmt.Println(level1(n))
	}
	fmt.Println(rethrow(5))
	recursive(6)
	done := make(chan int)
	go exits(done)
	for v := range done {
		fmt.Println("exits", v)
	}
	done = make(chan int)
	go exitInDefer(done)
	for v := range done {
		fmt.Println(v)
	}
	fmt.Println(namedAndSlots())
	runtimeErrors()
	deferLoop()
	go func() {
		defer fmt.Println("last words")
		defer sleep()
		sleep()
		panic(fmt.Errorf("goroutine %s", "dies"))
	}()
	sleep()
	select {}
}
