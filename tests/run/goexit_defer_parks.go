// runtime.Goexit with deferred calls that wait, panic, recover and exit again.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

type journal struct {
	mu    sync.Mutex
	lines []string
}

func (j *journal) note(args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, fmt.Sprint(args...))
}

func run(name string, body func(j *journal)) {
	j := &journal{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer j.note("end")
		body(j)
		j.note("returned")
	}()
	<-done
	fmt.Println(name, j.lines)
}

func answer() <-chan int {
	c := make(chan int)
	go func() {
		time.Sleep(time.Millisecond)
		c <- 42
	}()
	return c
}

func main() {
	run("plain", func(j *journal) {
		defer j.note("deferred")
		runtime.Goexit()
	})
	run("receives", func(j *journal) {
		local := "kept"
		defer func() { j.note("got ", <-answer(), " ", local, " ", recover()) }()
		local = "kept and changed"
		runtime.Goexit()
	})
	run("several", func(j *journal) {
		for i := range 3 {
			defer func() {
				time.Sleep(time.Millisecond)
				j.note(i)
			}()
		}
		func() {
			defer func() { j.note("nested ", <-answer()) }()
			runtime.Goexit()
		}()
	})
	run("panic in deferred call, recovered", func(j *journal) {
		defer func() { j.note("still exiting ", recover()) }()
		defer func() {
			defer func() { j.note("recovered ", recover(), " ", <-answer()) }()
			panic("in deferred")
		}()
		runtime.Goexit()
	})
	run("recovered one frame up", func(j *journal) {
		defer j.note("exits all the same")
		func() {
			defer func() {
				<-answer()
				j.note("recovered ", recover())
			}()
			defer func() { panic("during goexit") }()
			runtime.Goexit()
		}()
		j.note("must not return here")
	})
	run("exit in deferred call of a panic", func(j *journal) {
		defer func() { j.note("recover says ", recover()) }()
		defer func() {
			<-answer()
			runtime.Goexit()
		}()
		panic("gone")
	})
	run("exit twice", func(j *journal) {
		defer func() {
			defer j.note("inner")
			<-answer()
			runtime.Goexit()
		}()
		runtime.Goexit()
	})
	var group sync.WaitGroup
	count := &journal{}
	for i := range 50 {
		group.Add(1)
		go func() {
			defer group.Done()
			defer func() {
				if i%2 == 0 {
					<-answer()
				}
				count.note(i)
			}()
			runtime.Goexit()
		}()
	}
	group.Wait()
	fmt.Println(len(count.lines))
}
