// Package sync and golang's habits around it: a bounded queue, a once, a pool, reader-writer locks, waiting groups.
package main

import (
	"fmt"
	"slices"
	"sync"
)

// queue is a bounded buffer with two conditions.
type queue struct {
	mu       sync.Mutex
	notEmpty *sync.Cond
	notFull  *sync.Cond
	items    []int
	limit    int
}

func newQueue(limit int) *queue {
	q := &queue{limit: limit}
	q.notEmpty, q.notFull = sync.NewCond(&q.mu), sync.NewCond(&q.mu)
	return q
}

func (q *queue) put(n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == q.limit {
		q.notFull.Wait()
	}
	q.items = append(q.items, n)
	q.notEmpty.Signal()
}

func (q *queue) take() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.notEmpty.Wait()
	}
	n := q.items[0]
	q.items = q.items[1:]
	q.notFull.Broadcast()
	return n
}

func queues() {
	q := newQueue(3)
	var producers, consumers sync.WaitGroup
	var mu sync.Mutex
	var taken []int
	for p := range 4 {
		producers.Go(func() {
			for i := range 50 {
				q.put(p*50 + i)
			}
		})
	}
	for range 5 {
		consumers.Go(func() {
			for {
				n := q.take()
				if n < 0 {
					return
				}
				mu.Lock()
				taken = append(taken, n)
				mu.Unlock()
			}
		})
	}
	producers.Wait()
	for range 5 {
		q.put(-1)
	}
	consumers.Wait()
	slices.Sort(taken)
	fmt.Println(len(taken), taken[0], taken[199], len(slices.Compact(taken)))
}

func locks() {
	var rw sync.RWMutex
	table := map[int]int{}
	var group sync.WaitGroup
	for w := range 3 {
		group.Go(func() {
			for i := range 100 {
				rw.Lock()
				table[i] += w + 1
				rw.Unlock()
			}
		})
		group.Go(func() {
			for i := range 100 {
				rw.RLock()
				_ = table[i]
				rw.RUnlock()
			}
		})
	}
	group.Wait()
	sum := 0
	for _, n := range table {
		sum += n
	}
	fmt.Println(len(table), sum, rw.TryLock(), rw.TryRLock(), rw.TryLock())
	rw.Unlock()
	fmt.Println(rw.TryRLock(), rw.TryRLock(), rw.TryLock())
	reader := rw.RLocker()
	reader.Unlock()
	reader.Unlock()
	var mu sync.Mutex
	fmt.Println(mu.TryLock(), mu.TryLock())
	// A holder that is waiting for the one that wants the lock next.
	ready, handedOver := make(chan bool), make(chan string)
	go func() {
		ready <- true
		mu.Lock()
		handedOver <- "handed over"
	}()
	<-ready
	mu.Unlock()
	fmt.Println(<-handedOver)
}

func once() {
	var o sync.Once
	var group sync.WaitGroup
	calls := 0
	for range 10 {
		group.Go(func() { o.Do(func() { calls++ }) })
	}
	group.Wait()
	value := sync.OnceValue(func() int { calls++; return calls * 100 })
	first, second := value(), value()
	pair := sync.OnceValues(func() (string, error) { return "pair", nil })
	text, err := pair()
	failing := sync.OnceFunc(func() { panic("always the same") })
	for range 2 {
		func() {
			defer func() { fmt.Println("recovered:", recover()) }()
			failing()
		}()
	}
	fmt.Println(calls, first, second, text, err)
}

func maps() {
	var m sync.Map
	var group sync.WaitGroup
	for g := range 8 {
		group.Go(func() {
			for i := range 100 {
				m.LoadOrStore(i, g)
			}
		})
	}
	group.Wait()
	count := 0
	m.Range(func(_, _ any) bool { count++; return true })
	m.Store("x", 1)
	old, loaded := m.Swap("x", 2)
	fmt.Println(count, old, loaded, m.CompareAndSwap("x", 2, 3), m.CompareAndSwap("x", 2, 4), m.CompareAndDelete("x", 2))
	value, ok := m.LoadAndDelete("x")
	_, still := m.Load("x")
	m.Clear()
	_, cleared := m.Load(5)
	fmt.Println(value, ok, still, cleared)
	pool := sync.Pool{New: func() any { return new([64]byte) }}
	buffer := pool.Get().(*[64]byte)
	pool.Put(buffer)
	fmt.Println(len(pool.Get().(*[64]byte)))
}

func main() {
	queues()
	locks()
	once()
	maps()
	defer func() { fmt.Println("recovered:", recover()) }()
	var group sync.WaitGroup
	group.Done()
}
