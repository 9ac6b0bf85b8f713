// Goroutines and the scheduler.
//
// One goroutine runs at a time, until it parks. Goroutines that are ready wait in a queue, first come, first served;
// a goroutine that was started last runs next (as in the SDK, which lets `go f(); <-c` switch at once).
//
// The outermost wasm frames belong to the scheduler's loop: schedule takes the next goroutine, enter runs it. What a
// goroutine consists of while it is parked is told in frames.go. There may be several loops on the wasm stack, one per
// *level*: the program is level 1; when the host is called and calls back (js events, wasmexport) that is a level above,
// on top of a goroutine that cannot run before the level has ended ("pinned").
//
// Without suspension in the module (wasm.CanSuspend is false) a goroutine that parks stays on the wasm stack and the
// others run on top of it; it goes on when it is ready and those above it have returned. Programs whose goroutines wait
// for each other crosswise end in the deadlock report then.

package runtime

import (
	"internal/wasm"
	"unsafe"
)

type goroutineStatus uint8

const (
	runnable goroutineStatus = iota
	running
	waiting
	dead
)

type g struct {
	id     uint64
	parent uint64
	entry  func()
	// Saved frames, innermost first, and those being captured while the stack unwinds.
	frames, captured, capturedLast *frame
	// The frame whose function was resumed last. It is freed when that has left, be it by unwinding.
	resumed *frame
	side    *sideChunk
	// Of panic.go.
	defers         *deferFrame
	base           *deferFrame
	panics         *panicRecord
	recoverIdent   uint32
	unwindTo       *deferFrame
	suspendAtOwner bool
	// Set when enter is left because the goroutine is suspended.
	parked  bool
	exiting bool
	faulted bool

	status    goroutineStatus
	reason    waitReason
	since     int64
	link      *g // in a queue
	allLink   *g
	allBefore *g
	// The level whose stack holds the goroutine's wasm frames while it is not running; 0: none.
	pinned int
	// While the goroutine has frames on the wasm stack: how many such goroutines there are up to this one, from the
	// stack's bottom.
	depth int
	// What woke it.
	wokenBy *sudog
	// One of several sudogs in its name has been taken (select).
	selected bool
	system   bool
	locked   int
	// Call site of the go statement, for traces.
	startPC  uintptr
	entryPC  uintptr
	coro     *coro
	bubble   *bubble
	labels   unsafe.Pointer
	fipsMark uint8
	bypass   bool
}

var (
	curg       *g
	allgs      *g
	lastGoid   uint64
	liveCount  int
	mainExited bool

	runQueue gQueue
	// The goroutine to run before the queue's.
	runNext *g
	// How many levels there are.
	level int
	// How many goroutines have frames on the wasm stack.
	depth int
	// The identity of enter, with which the frames of each of them end.
	bottom uint32
)

// gQueue is a list of goroutines by their links.
type gQueue struct {
	head, tail *g
}

func (q *gQueue) push(gp *g) {
	gp.link = nil
	if q.tail == nil {
		q.head = gp
	} else {
		q.tail.link = gp
	}
	q.tail = gp
}

func (q *gQueue) pop() *g {
	gp := q.head
	if gp == nil {
		return nil
	}
	q.head = gp.link
	if q.head == nil {
		q.tail = nil
	}
	gp.link = nil
	return gp
}

func getg() *g { return curg }

func newGoroutine(fn func()) *g {
	// The number last: the allocation may collect, which may start the goroutine of the finalizers.
	gp := &g{entry: fn}
	lastGoid++
	gp.id = lastGoid
	gp.allLink = allgs
	if allgs != nil {
		allgs.allBefore = gp
	}
	allgs = gp
	return gp
}

// newproc is the go statement.
//
//go:noinline
func newproc(fn func()) {
	if fn == nil {
		throw("go of nil func value")
	}
	gp := newGoroutine(fn)
	gp.parent = curg.id
	gp.startPC = sitePC(wasm.CallerSite())
	gp.entryPC = entryPCOf(fn)
	gp.bubble = curg.bubble
	gp.labels = curg.labels
	gp.bypass = curg.bypass
	gp.bubble.started()
	liveCount++
	// What was to run next goes to the queue.
	if runNext != nil {
		runQueue.push(runNext)
	}
	runNext = gp
}

// newSystemGoroutine starts a goroutine that does not count: it keeps no program alive.
func newSystemGoroutine(fn func()) {
	gp := newGoroutine(fn)
	gp.system = true
	runQueue.push(gp)
}

// ready makes a parked goroutine runnable.
func ready(gp *g) {
	if gp.status != waiting {
		throw("ready: goroutine is not waiting")
	}
	gp.status = runnable
	gp.bubble.wakes(gp)
	runQueue.push(gp)
}

// park suspends the goroutine until another calls ready for it.
func park(reason waitReason) {
	gp := curg
	gp.status = waiting
	gp.reason = reason
	gp.since = 0
	gp.bubble.parks(gp)
	pause(gp)
}

// Gosched lets other goroutines run.
func Gosched() {
	gp := curg
	pollHost()
	if runNext == nil && runQueue.head == nil {
		return
	}
	gp.status = runnable
	// Those that wait already come first, so that a loop of Gosched gets all others going.
	if runNext != nil {
		runQueue.push(runNext)
		runNext = nil
	}
	runQueue.push(gp)
	pause(gp)
}

// pause gives control to the scheduler's loop and returns when the goroutine runs again.
func pause(gp *g) {
	if wasm.Goroutines() && wasm.CanSuspend() {
		wasm.Suspend()
		return
	}
	// The others run on top.
	gp.pinned = level
	for {
		if next := takeRunnable(gp); next == gp {
			break
		} else if next != nil {
			runOnTop(next)
			if exited {
				curg = gp
				unwindAll()
			}
		} else if !idle() {
			deadlocked()
		}
	}
	gp.pinned = 0
	gp.status = running
	curg = gp
}

// takeRunnable returns the next goroutine that can run now: one without wasm frames, or `top`, whose frames lie on top
// of the stack.
func takeRunnable(top *g) *g {
	if gp := runNext; gp != nil {
		runNext = nil
		return gp
	}
	var skipped gQueue
	gp := runQueue.pop()
	for gp != nil && gp.pinned != 0 && gp != top {
		skipped.push(gp)
		gp = runQueue.pop()
	}
	for other := skipped.pop(); other != nil; other = skipped.pop() {
		runQueue.push(other)
	}
	return gp
}

// runOnTop is a level of its own, for one goroutine.
func runOnTop(gp *g) {
	level++
	execute(gp)
	level--
}

// schedule runs goroutines until none is ready and the host has nothing to wait for, or until `done` says so.
//
//go:noinline
func schedule(done func() bool) {
	for !exited && !done() {
		pollHost()
		gp := takeRunnable(nil)
		if gp != nil {
			execute(gp)
			continue
		}
		if !idle() {
			return
		}
	}
}

// execute lets a goroutine run until it parks or ends.
func execute(gp *g) {
	outer := curg
	for {
		curg = gp
		gp.status = running
		gp.parked = false
		depth++
		gp.depth = depth
		enter(gp)
		gp.freeResumed()
		gp.depth = 0
		depth--
		if exited {
			return
		}
		d := gp.unwindTo
		if d == nil {
			break
		}
		gp.unwindTo = nil
		gp.dropFramesAbove(d)
		if gp.parked {
			break
		}
	}
	curg = outer
	if gp.parked {
		gp.joinCaptured()
		restoreReserve()
	} else {
		gp.end()
	}
}

// enter runs a goroutine's function, or its saved frames from the innermost on. It is left by returning, or by
// unwinding to its own landing pad; what for is said in the goroutine. It is where suspension ends: the flag is down
// before the deferred call of the first statement runs.
//
//go:noinline
func enter(gp *g) {
	bottom = wasm.Ident()
	defer arrived()
	// The frame of the statement above must not take part in panics.
	gp.base = gp.defers
	gp.defers = gp.base.link
	gp.base.depth = 0
	if fn := gp.entry; fn != nil {
		gp.entry = nil
		wasm.Call(fn)
	}
	for gp.frames != nil && !wasm.Suspending() {
		f := gp.frames
		gp.frames = f.caller
		gp.resumed = f
		if f.code == 0 {
			continuePanic(gp)
		} else {
			wasm.Resume(f.code, unsafe.Pointer(f))
		}
		gp.freeResumed()
	}
	if wasm.Suspending() {
		wasm.EndSuspend()
		gp.parked = true
	}
}

// arrived is enter's deferred call: it makes enter a place to unwind to.
func arrived() {}

// end removes a goroutine whose function has returned or that has exited.
func (gp *g) end() {
	if gp.exiting && gp.id == 1 {
		mainExited = true
	}
	gp.dropAllFrames()
	for gp.side != nil {
		c := gp.side
		gp.side = c.below
		c.free()
	}
	gp.status = dead
	gp.bubble.ended(gp)
	if gp.allBefore != nil {
		gp.allBefore.allLink = gp.allLink
	} else {
		allgs = gp.allLink
	}
	if gp.allLink != nil {
		gp.allLink.allBefore = gp.allBefore
	}
	if !gp.system {
		liveCount--
	}
}

// deadlocked ends the program: nothing can run, and nothing will come from outside.
func deadlocked() {
	curg = nil
	if mainExited && liveCount == 0 {
		fatal("no goroutines (main called runtime.Goexit) - deadlock!")
	}
	fatal("all goroutines are asleep - deadlock!")
}

// block is select {} without cases.
func block() { park(waitSelectNoCases) }

// NumGoroutine returns the number of goroutines that exist.
func NumGoroutine() int { return liveCount }

// LockOSThread wires the goroutine to its thread. There is one thread.
func LockOSThread() { curg.locked++ }

// UnlockOSThread undoes LockOSThread.
func UnlockOSThread() {
	if curg.locked > 0 {
		curg.locked--
	}
}

// GOMAXPROCS returns 1: goroutines do not run at the same time.
func GOMAXPROCS(n int) int { return 1 }

// SetDefaultGOMAXPROCS does nothing.
func SetDefaultGOMAXPROCS() {}

// NumCPU returns 1.
func NumCPU() int { return 1 }

// entryPCOf is the entry of the function that a func value calls.
func entryPCOf(fn func()) uintptr { return uintptr(wasm.IdentOf(fn)) }
