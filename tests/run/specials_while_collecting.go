// Finalizers, cleanups and weak pointers of objects whose only reference is the one they are attached by: attaching
// allocates, and the collection that this may start must not come too early.
package main

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"time"
	"weak"
)

const n = 50000

// run waits until nearly all have run: some objects may still be taken for referenced.
func run(count *atomic.Int64) string {
	for range 500 {
		runtime.GC()
		if count.Load() > n*9/10 {
			return "done"
		}
		time.Sleep(time.Millisecond)
	}
	return fmt.Sprint("only ", count.Load())
}

type cell struct {
	number int
	other  *cell
}

//go:noinline
func finalizers(count *atomic.Int64) {
	for i := range n {
		x := new(cell)
		x.number = i
		runtime.SetFinalizer(x, func(*cell) { count.Add(1) })
	}
}

//go:noinline
func cleanups(count *atomic.Int64) {
	for i := range n {
		x := new(cell)
		x.number = i
		runtime.AddCleanup(x, func(by int64) { count.Add(by) }, 1)
	}
}

//go:noinline
func weakPointers() (lost int) {
	var pointers [64]weak.Pointer[cell]
	for i := range n {
		x := &cell{number: i}
		pointers[i%len(pointers)] = weak.Make(x)
		if p := pointers[i%len(pointers)].Value(); p == nil || p.number != i {
			lost++
		}
	}
	return lost
}

//go:noinline
func keepByValue() (kept bool) {
	keep := runtime.KeepAlive
	x := &cell{number: 1}
	pointer := weak.Make(x)
	runtime.GC()
	kept = pointer.Value() != nil
	keep(x)
	return kept
}

func main() {
	var finalized, cleaned atomic.Int64
	finalizers(&finalized)
	fmt.Println("finalizers", run(&finalized))
	cleanups(&cleaned)
	fmt.Println("cleanups", run(&cleaned))
	fmt.Println("weak pointers lost:", weakPointers())
	fmt.Println("kept:", keepByValue())
}
