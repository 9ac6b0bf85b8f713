// Package sync/atomic: every type and function once, then a lock-free stack shared by goroutines.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"
)

type node struct {
	value int
	next  *node
}

type stack struct {
	head atomic.Pointer[node]
	size atomic.Int64
}

func (s *stack) push(value int) {
	n := &node{value: value}
	for {
		n.next = s.head.Load()
		if s.head.CompareAndSwap(n.next, n) {
			s.size.Add(1)
			return
		}
	}
}

func (s *stack) pop() (int, bool) {
	for {
		top := s.head.Load()
		if top == nil {
			return 0, false
		}
		runtime.Gosched()
		if s.head.CompareAndSwap(top, top.next) {
			s.size.Add(-1)
			return top.value, true
		}
	}
}

type config struct {
	name  string
	limit int
}

func functions() {
	var i32 int32 = 5
	var u32 uint32 = 5
	var i64 int64 = -1
	var u64 uint64 = 1 << 63
	var ptr uintptr = 10
	fmt.Println(atomic.AddInt32(&i32, -7), atomic.AddUint32(&u32, ^uint32(0)), atomic.AddInt64(&i64, 1<<40), atomic.AddUint64(&u64, 1<<63), atomic.AddUintptr(&ptr, 1))
	fmt.Println(atomic.SwapInt32(&i32, 9), atomic.CompareAndSwapInt32(&i32, 9, 10), atomic.CompareAndSwapInt64(&i64, 0, 1), atomic.LoadInt64(&i64), atomic.LoadUint64(&u64))
	fmt.Println(atomic.AndInt32(&i32, 6), atomic.OrUint32(&u32, 0x10), i32, u32, atomic.AndUint64(&u64, 0), atomic.OrInt64(&i64, 1))
	atomic.StoreInt32(&i32, 77)
	atomic.StoreUintptr(&ptr, 1)
	x, y := 1, 2
	p := unsafe.Pointer(&x)
	old := atomic.SwapPointer(&p, unsafe.Pointer(&y))
	fmt.Println(i32, ptr, *(*int)(old), *(*int)(atomic.LoadPointer(&p)), atomic.CompareAndSwapPointer(&p, unsafe.Pointer(&y), nil), p == nil)
}

func types() {
	var i32 atomic.Int32
	var u32 atomic.Uint32
	var i64 atomic.Int64
	var u64 atomic.Uint64
	var ptr atomic.Uintptr
	var flag atomic.Bool
	i32.Store(-3)
	u32.Add(^uint32(0))
	fmt.Println(i32.Add(1), u32.Load(), i64.Or(12), i64.And(8), i64.Load(), u64.Swap(4), u64.CompareAndSwap(4, 5), ptr.Add(2))
	fmt.Println(flag.Swap(true), flag.Load(), flag.CompareAndSwap(true, false), flag.Load())
	var value atomic.Value
	fmt.Println(value.Load(), value.CompareAndSwap(nil, config{"first", 1}))
	value.Store(config{"second", 2})
	fmt.Println(value.Swap(config{"third", 3}), value.Load().(config).name, value.CompareAndSwap(config{"third", 3}, config{}))
	for _, wrong := range []any{"another type", nil} {
		func() {
			defer func() { fmt.Println("recovered:", recover()) }()
			value.Store(wrong)
		}()
	}
	var pointer atomic.Pointer[config]
	fmt.Println(pointer.Load() == nil, pointer.Swap(&config{"p", 0}) == nil, pointer.Load().name)
}

func shared() {
	var s stack
	var counter atomic.Uint64
	var group sync.WaitGroup
	for g := range 8 {
		group.Add(1)
		go func() {
			defer group.Done()
			for i := range 100 {
				s.push(g*100 + i)
				counter.Add(1)
				if i%3 == 0 {
					runtime.Gosched()
				}
			}
		}()
	}
	group.Wait()
	var sum atomic.Int64
	for range 4 {
		group.Add(1)
		go func() {
			defer group.Done()
			for {
				value, ok := s.pop()
				if !ok {
					return
				}
				sum.Add(int64(value))
			}
		}()
	}
	group.Wait()
	fmt.Println(counter.Load(), sum.Load(), s.size.Load())
}

func main() {
	functions()
	types()
	shared()
}
