// Coroutines for iter.Pull: goroutines that hand control to each other without the scheduler's choice.

package runtime

import (
	"internal/wasm"
	_ "unsafe" // for go:linkname
)

type coro struct {
	// The one of the two that is not running.
	gp *g
	f  func(*coro)
}

//go:linkname newcoro
//go:noinline
func newcoro(f func(*coro)) *coro {
	c := &coro{f: f}
	gp := newGoroutine(func() {
		// Also after Goexit.
		defer c.exit()
		c.f(c)
	})
	gp.parent = curg.id
	gp.startPC = sitePC(wasm.CallerSite())
	gp.bubble = curg.bubble
	gp.labels = curg.labels
	gp.bubble.started()
	liveCount++
	gp.status, gp.reason = waiting, waitCoroutine
	gp.bubble.parks(gp)
	gp.coro = c
	c.gp = gp
	return c
}

// coroswitch runs the other one and returns when that switches back.
//
//go:linkname coroswitch
func coroswitch(c *coro) {
	next := c.gp
	if next == nil {
		throw("coroswitch on exited coro")
	}
	c.gp = curg
	handOver(next)
	park(waitCoroutine)
}

// exit ends the coroutine and lets the other go on.
func (c *coro) exit() {
	next := c.gp
	c.gp = nil
	handOver(next)
}

// handOver makes a parked goroutine the next to run.
func handOver(gp *g) {
	gp.status = runnable
	gp.bubble.wakes(gp)
	if runNext != nil {
		runQueue.push(runNext)
	}
	runNext = gp
}
