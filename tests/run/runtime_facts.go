// Package runtime: counts of goroutines, Goexit, memory statistics as truths rather than figures, build facts, stacks.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
)

type block [1 << 16]byte

var sink *block

func goroutines() {
	fmt.Println(runtime.NumGoroutine())
	hold := make(chan struct{})
	var group sync.WaitGroup
	for range 10 {
		group.Go(func() { <-hold })
	}
	runtime.Gosched()
	fmt.Println(runtime.NumGoroutine())
	close(hold)
	group.Wait()
	for runtime.NumGoroutine() > 1 {
		runtime.Gosched()
	}
	var order []string
	done := make(chan bool)
	go func() {
		defer close(done)
		defer func() { order = append(order, fmt.Sprint("recovered ", recover())) }()
		func() {
			defer func() { order = append(order, "inner deferred") }()
			runtime.Goexit()
		}()
		order = append(order, "not reached")
	}()
	<-done
	fmt.Println(order, runtime.NumGoroutine())
}

func memory() {
	var before, during, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	kept := make([]*block, 0, 100)
	for range 100 {
		kept = append(kept, new(block))
	}
	runtime.ReadMemStats(&during)
	fmt.Println(during.HeapAlloc-before.HeapAlloc >= 99<<16, during.Mallocs-before.Mallocs >= 100, during.TotalAlloc > before.TotalAlloc, during.HeapObjects > before.HeapObjects)
	kept[0][0] = 1
	runtime.KeepAlive(kept)
	kept = nil
	runtime.GC()
	runtime.ReadMemStats(&after)
	fmt.Println(after.HeapAlloc < during.HeapAlloc-90<<16, after.NumGC > before.NumGC, after.Frees > during.Frees, after.Sys >= after.HeapSys, after.NumForcedGC >= 2)
	// Garbage alone does not make the heap grow.
	for range 3000 {
		sink = new(block)
	}
	var later runtime.MemStats
	runtime.ReadMemStats(&later)
	fmt.Println(later.TotalAlloc-after.TotalAlloc >= 3000<<16, later.HeapSys < 100<<20, later.NumGC > after.NumGC)
	old := debug.SetGCPercent(50)
	fmt.Println(old, debug.SetGCPercent(old), debug.SetMemoryLimit(-1) > 1<<60)
	debug.FreeOSMemory()
	var stats debug.GCStats
	debug.ReadGCStats(&stats)
	fmt.Println(stats.NumGC >= int64(later.NumGC), len(stats.Pause) > 0)
}

//go:noinline
func callee() (string, int, bool) {
	pc, file, line, ok := runtime.Caller(1)
	return runtime.FuncForPC(pc).Name() + " " + file[strings.LastIndexByte(file, '/')+1:], line, ok
}

type method struct{}

func (*method) caller() (string, int, bool) { return callee() }

func places() {
	fmt.Println(callee())
	fmt.Println(new(method).caller())
	fmt.Println(func() (string, int, bool) { return callee() }())
	_, _, _, ok := runtime.Caller(1000)
	fmt.Println(ok)
	stack := string(debug.Stack())
	lines := strings.Split(stack, "\n")
	fmt.Println(lines[0], strings.Contains(stack, "main.places("), strings.Contains(stack, "main.main("), strings.Contains(stack, "runtime_facts.go:"))
	buffer := make([]byte, 20)
	fmt.Printf("%q\n", buffer[:runtime.Stack(buffer, false)])
}

func main() {
	goroutines()
	memory()
	places()
	fmt.Println(strings.HasPrefix(runtime.Version(), "go1."), runtime.Compiler, runtime.GOARCH != "", runtime.NumCPU() > 0, runtime.GOMAXPROCS(0) > 0, runtime.NumCgoCall())
	info, ok := debug.ReadBuildInfo()
	fmt.Println(ok, ok && strings.HasPrefix(info.GoVersion, "go1."))
	runtime.LockOSThread()
	runtime.UnlockOSThread()
	var typed error = runtime.Error(nil)
	fmt.Println(typed == nil)
	func() {
		defer func() {
			err, isRuntime := recover().(runtime.Error)
			fmt.Println(err, isRuntime)
		}()
		var list []int
		fmt.Println(list[len(os.Args)+4])
	}()
}
