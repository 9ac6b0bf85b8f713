// Bubbles of testing/synctest: goroutines with a clock of their own.
//
// A bubble is idle when all its goroutines are durably blocked: in waits that only they can end. Then a call of
// synctest.Wait returns, or else the clock moves to the next timer. Three things keep it from being idle: goroutines
// that run or wait for the outside (`running`), references that syscall/js holds, and the root or a waiter that has been
// woken and not yet looked (`active`).

package runtime

import "unsafe"

const bubbleEpoch = 946684800000000000 // midnight UTC 2000-01-01

type bubble struct {
	id      uint64
	now     int64
	timers  timerHeap
	root    *g // in Run
	main    *g // runs Run's argument
	waiter  *g // in Wait
	waiting bool
	done    bool // main has returned
	total   int
	running int
	active  int
}

var lastBubble uint64

// started counts a new goroutine.
func (b *bubble) started() {
	if b != nil {
		b.total++
		b.running++
	}
}

func (b *bubble) parks(gp *g) {
	if b != nil && gp.reason.durable() {
		b.running--
		b.wakeIfIdle()
	}
}

func (b *bubble) wakes(gp *g) {
	if b != nil && gp.reason.durable() {
		b.running++
	}
}

func (b *bubble) ended(gp *g) {
	if b == nil {
		return
	}
	b.total--
	b.running--
	if gp == b.main {
		b.done = true
	}
	b.wakeIfIdle()
}

func (b *bubble) wakeIfIdle() {
	if b.running > 0 || b.active > 0 {
		return
	}
	b.active++
	if b.waiter != nil {
		ready(b.waiter)
	} else {
		ready(b.root)
	}
}

//go:linkname synctestRun internal/synctest.Run
func synctestRun(f func()) {
	if debug.asynctimerchan != 0 {
		panic("synctest.Run not supported with asynctimerchan!=0")
	}
	gp := curg
	if gp.bubble != nil {
		panic("synctest.Run called from within a synctest bubble")
	}
	lastBubble++
	b := &bubble{id: lastBubble, now: bubbleEpoch, root: gp, total: 1, running: 1, active: 1}
	gp.bubble = b
	defer func() { gp.bubble = nil }()
	newproc(f)
	b.main = runNext
	for {
		b.timers.runUntil(b.now)
		b.active--
		park(waitSynctestRun)
		next := b.timers.next()
		if next == 0 || b.done {
			break
		}
		b.now = next
	}
	if b.total == 1 {
		return
	}
	if b.done {
		panic(synctestDeadlockError("deadlock: main bubble goroutine has exited but blocked goroutines remain"))
	}
	panic(synctestDeadlockError("deadlock: all goroutines in bubble are blocked"))
}

type synctestDeadlockError string

func (e synctestDeadlockError) Error() string { return string(e) }

//go:linkname synctestWait internal/synctest.Wait
func synctestWait() {
	b := curg.bubble
	if b == nil {
		panic("goroutine is not in a bubble")
	}
	if b.waiting {
		panic("wait already in progress")
	}
	b.waiting, b.waiter = true, curg
	park(waitSynctestWait)
	b.active--
	b.waiting, b.waiter = false, nil
}

//go:linkname synctest_isInBubble internal/synctest.IsInBubble
func synctest_isInBubble() bool { return curg.bubble != nil }

//go:linkname synctest_acquire internal/synctest.acquire
func synctest_acquire() any {
	if b := curg.bubble; b != nil {
		b.active++
		return b
	}
	return nil
}

//go:linkname synctest_release internal/synctest.release
func synctest_release(reference any) {
	b := reference.(*bubble)
	b.active--
	b.wakeIfIdle()
}

//go:linkname synctest_inBubble internal/synctest.inBubble
func synctest_inBubble(reference any, f func()) {
	gp := curg
	if gp.bubble != nil {
		panic("goroutine is already bubbled")
	}
	gp.bubble = reference.(*bubble)
	gp.bubble.started()
	defer func() {
		b := gp.bubble
		gp.bubble = nil
		b.total--
		b.running--
		b.wakeIfIdle()
	}()
	f()
}

// Associations of pointers with bubbles are attached to the objects.

//go:linkname synctest_associate internal/synctest.associate
func synctest_associate(p unsafe.Pointer) int {
	const unbubbled, current, other = 0, 1, 2
	s := findSpecial(uintptr(p), bubbleSpecial)
	switch {
	case s == nil && curg.bubble == nil:
		return unbubbled
	case s == nil:
		addSpecial(&special{object: uintptr(p), kind: bubbleSpecial, bubble: curg.bubble})
		KeepAlive(p)
		return current
	case s.bubble == curg.bubble:
		return current
	}
	return other
}

//go:linkname synctest_disassociate internal/synctest.disassociate
func synctest_disassociate(p unsafe.Pointer) {
	removeSpecials(uintptr(p), func(s *special) bool { return s.kind == bubbleSpecial })
}

//go:linkname synctest_isAssociated internal/synctest.isAssociated
func synctest_isAssociated(p unsafe.Pointer) bool {
	return findSpecial(uintptr(p), bubbleSpecial) != nil
}
