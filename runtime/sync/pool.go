// Pools for goroutines that never run at the same time: a stack per pool. Items live through one collection: it moves
// them to the victims, where Get still finds them, and the next one drops them.
//
// Every allocation may collect and so run poolCleanup. Nothing here allocates between reading and writing what that
// changes: items, victims and the list of pools, which is linked through the pools themselves.

package sync

import _ "unsafe" // for go:linkname

// A Pool is a set of temporary objects that may be individually saved and retrieved. Items may be removed at any time
// without notification. A Pool must not be copied after first use.
type Pool struct {
	noCopy noCopy

	items   []any
	victims []any
	// Whether the pool is in pools, and the next one there.
	listed bool
	link   *Pool

	// New makes a value when Get finds none. It may not be changed concurrently with calls to Get.
	New func() any
}

// Pools that have had items since the collection before last.
var pools *Pool

// Put adds x to the pool.
func (p *Pool) Put(x any) {
	if x == nil {
		return
	}
	if len(p.items) == cap(p.items) {
		p.grow()
	}
	p.items = append(p.items, x)
	if !p.listed {
		p.listed = true
		p.link = pools
		pools = p
	}
}

// grow makes room for at least one more item.
func (p *Pool) grow() {
	bigger := make([]any, max(1, 2*cap(p.items)))
	// A collection by now has taken the items away, never added any.
	n := copy(bigger, p.items)
	p.items = bigger[:n]
}

// Get takes an arbitrary item out of the pool, or makes one by p.New if there is none.
func (p *Pool) Get() any {
	if x := pop(&p.items); x != nil {
		return x
	}
	if x := pop(&p.victims); x != nil {
		return x
	}
	if p.New != nil {
		return p.New()
	}
	return nil
}

func pop(stack *[]any) any {
	last := len(*stack) - 1
	if last < 0 {
		return nil
	}
	x := (*stack)[last]
	(*stack)[last] = nil
	*stack = (*stack)[:last]
	return x
}

// poolCleanup runs at the beginning of a collection and must not allocate.
func poolCleanup() {
	link := &pools
	for p := pools; p != nil; p = *link {
		p.victims, p.items = p.items, nil
		if len(p.victims) != 0 {
			link = &p.link
			continue
		}
		*link = p.link
		p.link, p.listed = nil, false
	}
}

func init() {
	runtime_registerPoolCleanup(poolCleanup)
}

// Implemented in runtime.
func runtime_registerPoolCleanup(cleanup func())
func runtime_procPin() int
func runtime_procUnpin()
