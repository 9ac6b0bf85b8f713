//run:goos wasip1
//run:driver driver.mjs

// Exported functions of a reactor: some compute, some wait for goroutines and timers, one is called while another waits.
package main

import (
	"fmt"
	"sync"
	"time"
	"unsafe"
)

var (
	requests = make(chan int)
	replies  = make(chan int)
	started  bool
	total    int
)

func init() {
	started = true
	go func() {
		for n := range requests {
			total += n
			replies <- total
		}
	}()
}

//go:wasmimport driver callback
func callback(depth int32) int32

//go:wasmexport add
func add(a, b int32) int32 { return a + b }

//go:wasmexport kinds
func kinds(a int64, b float32, c float64, d bool, p unsafe.Pointer) float64 {
	if d {
		return float64(a) + float64(b) + c + float64(*(*int32)(p))
	}
	return -1
}

//go:wasmexport block
func block(n int32) int32 {
	requests <- int(n)
	return int32(<-replies)
}

//go:wasmexport sleep
func sleep(milliseconds int64) int64 {
	begun := time.Now()
	time.Sleep(time.Duration(milliseconds) * time.Millisecond)
	if time.Since(begun) < time.Duration(milliseconds)*time.Millisecond {
		return -1
	}
	return milliseconds
}

//go:wasmexport crowd
func crowd(n int32) int32 {
	var group sync.WaitGroup
	var mu sync.Mutex
	sum := int32(0)
	for i := range n {
		group.Go(func() {
			time.Sleep(time.Duration(i%3) * time.Millisecond)
			mu.Lock()
			defer mu.Unlock()
			sum += i
		})
	}
	group.Wait()
	return sum
}

// nest calls the host, which calls nest again, which waits for a goroutine at the bottom.
//
//go:wasmexport nest
func nest(depth int32) int32 {
	if depth == 0 {
		return block(1)
	}
	local := []int32{depth}
	return callback(depth-1)*10 + local[0]
}

//go:wasmexport buffer
func buffer(size int32) unsafe.Pointer {
	kept = make([]byte, size)
	return unsafe.Pointer(unsafe.SliceData(kept))
}

var kept []byte

//go:wasmexport checksum
func checksum() int32 {
	sum := int32(0)
	for i, b := range kept {
		sum += int32(i) * int32(b)
	}
	return sum
}

//go:wasmexport report
func report() {
	defer func() { fmt.Println("recovered:", recover()) }()
	fmt.Println("started", started, "total", total)
	panic("inside an export")
}

func main() { panic("main is not called in a reactor") }
