// Pools that grow, and that are made, while collections take items away: nothing is handed out twice.
package main

import (
	"fmt"
	"sync"
)

type object struct{ out bool }

func twice() (n int) {
	var pool sync.Pool
	for round := 0; round < 20 && n == 0; round++ {
		for range 50000 {
			pool.Put(&object{})
		}
		for x := pool.Get(); x != nil; x = pool.Get() {
			if o := x.(*object); o.out {
				n++
			} else {
				o.out = true
			}
		}
	}
	return n
}

func manyPools() (wrong int) {
	for range 10 {
		var pools []*sync.Pool
		for i := range 20000 {
			pool := new(sync.Pool)
			pool.Put(box(i))
			pool.Put(nil)
			if x := pool.Get(); x != nil && *x.(*int) != i {
				wrong++
			}
			pools = append(pools, pool)
		}
		for i, pool := range pools {
			pool.Put(box(i))
		}
		for i, pool := range pools {
			pool.New = func() any { return box(i) }
			if *pool.Get().(*int) != i || *pool.Get().(*int) != i {
				wrong++
			}
		}
	}
	return wrong
}

func main() {
	fmt.Println("handed out twice:", twice())
	fmt.Println("from another pool:", manyPools())
}

func box(i int) *int { return &i }
