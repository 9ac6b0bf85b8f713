// Timers and sleeping.
//
// Pending timers lie in a heap ordered by time: one for the process, one per synctest bubble, whose clock only moves
// when all its goroutines wait. Since Go 1.23 the timers of time.NewTimer and NewTicker are looked at when somebody
// looks at their channels: such a timer is in the heap only while a goroutine waits to receive, so that a timer nobody
// refers to is garbage, and nothing stale is left in the channel after Stop or Reset.

package runtime

import "unsafe"

type timer struct {
	when   int64 // 0: not pending
	period int64
	f      func(arg any, seq uintptr, delta int64)
	arg    any
	heap   *timerHeap // nil: not in one
	at     int        // where in the heap
	bubble *bubble
	// A channel timer's channel and how many receivers wait at it.
	c         *hchan
	receivers int
}

// timeTimer is time.Timer and time.Ticker with what follows their visible fields.
type timeTimer struct {
	c    unsafe.Pointer
	init bool
	timer
}

// timerHeap is a binary heap.
type timerHeap struct {
	timers []*timer
}

var processTimers timerHeap

// systemg stands for the goroutine while the scheduler runs a timer's function.
var systemg g

func (h *timerHeap) next() int64 {
	if len(h.timers) == 0 {
		return 0
	}
	return h.timers[0].when
}

func (h *timerHeap) set(i int, t *timer) {
	h.timers[i] = t
	t.at = i
}

func (h *timerHeap) insert(t *timer) {
	t.heap = h
	h.timers = append(h.timers, t)
	h.up(len(h.timers)-1, t)
}

func (h *timerHeap) remove(t *timer) {
	last := len(h.timers) - 1
	moved := h.timers[last]
	h.timers[last] = nil
	h.timers = h.timers[:last]
	t.heap = nil
	if moved != t {
		h.set(t.at, moved)
		h.fix(moved)
	}
}

// fix restores the order around a timer whose time has changed.
func (h *timerHeap) fix(t *timer) {
	if i := t.at; i > 0 && t.when < h.timers[(i-1)/2].when {
		h.up(i, t)
	} else {
		h.down(i, t)
	}
}

func (h *timerHeap) up(i int, t *timer) {
	for i > 0 {
		parent := (i - 1) / 2
		if h.timers[parent].when <= t.when {
			break
		}
		h.set(i, h.timers[parent])
		i = parent
	}
	h.set(i, t)
}

func (h *timerHeap) down(i int, t *timer) {
	for {
		child := 2*i + 1
		if child >= len(h.timers) {
			break
		}
		if child+1 < len(h.timers) && h.timers[child+1].when < h.timers[child].when {
			child++
		}
		if h.timers[child].when >= t.when {
			break
		}
		h.set(i, h.timers[child])
		i = child
	}
	h.set(i, t)
}

// runUntil runs all timers that are due.
func (h *timerHeap) runUntil(now int64) {
	for len(h.timers) != 0 && h.timers[0].when <= now {
		h.timers[0].run(now)
	}
}

// runDueTimers runs the process's timers and returns when the next is due, 0 if there is none.
func runDueTimers() int64 {
	if len(processTimers.timers) == 0 {
		return 0
	}
	processTimers.runUntil(nanotime())
	return processTimers.next()
}

// run runs a pending timer that is due.
//
//go:noinline
func (t *timer) run(now int64) {
	delta := now - t.when
	if t.period > 0 {
		t.when += t.period * (1 + delta/t.period)
		if t.when < 0 {
			t.when = 1<<63 - 1
		}
		if t.heap != nil {
			t.heap.fix(t)
		}
	} else {
		if t.heap != nil {
			t.heap.remove(t)
		}
		t.when = 0
	}
	outer := curg
	curg = &systemg
	systemg.bubble = t.bubble
	t.f(t.arg, 0, delta)
	systemg.bubble = nil
	curg = outer
}

func (t *timer) now() int64 {
	if t.bubble != nil {
		return t.bubble.now
	}
	return nanotime()
}

// watched: the timer must be in the heap when it is pending.
func (t *timer) watched() bool {
	return t.c == nil || t.receivers > 0 || t.bubble != nil
}

func (t *timer) schedule() {
	switch {
	case t.when == 0 || !t.watched():
		if t.heap != nil {
			t.heap.remove(t)
		}
	case t.heap != nil:
		t.heap.fix(t)
	default:
		h := &processTimers
		if t.bubble != nil {
			h = &t.bubble.timers
		}
		h.insert(t)
	}
}

// runIfDue is for channel timers that are not in the heap, when somebody looks at the channel.
func (t *timer) runIfDue() {
	if t.when == 0 {
		return
	}
	if now := t.now(); t.when <= now {
		t.run(now)
	}
}

func (t *timer) addReceiver() {
	t.receivers++
	t.schedule()
}

func (t *timer) removeReceiver() {
	t.receivers--
	t.schedule()
}

// stop reports whether the timer was pending: for channel timers, whether nobody has received yet.
func (t *timer) stop() bool {
	pending := t.when != 0
	t.when = 0
	t.schedule()
	if t.drain() {
		pending = true
	}
	return pending
}

// drain drops a value that nobody has received.
func (t *timer) drain() bool {
	if t.c == nil || t.c.count == 0 {
		return false
	}
	for t.c.count > 0 {
		t.c.take(nil)
	}
	return true
}

func (t *timer) reset(when, period int64) bool {
	pending := t.stop()
	if when <= 0 {
		when = 1
	}
	t.when, t.period = when, period
	t.schedule()
	return pending
}

//go:linkname newTimer time.newTimer
func newTimer(when, period int64, f func(arg any, seq uintptr, delta int64), arg any, c *hchan) *timeTimer {
	t := &timeTimer{init: true}
	t.f, t.arg, t.bubble = f, arg, curg.bubble
	if c != nil && debug.asynctimerchan == 0 {
		t.timer.c = c
		c.timer = &t.timer
	}
	t.reset(when, period)
	return t
}

//go:linkname stopTimer time.stopTimer
func stopTimer(t *timeTimer) bool {
	t.checkBubble("stop")
	return t.stop()
}

//go:linkname resetTimer time.resetTimer
func resetTimer(t *timeTimer, when, period int64) bool {
	t.checkBubble("reset")
	return t.reset(when, period)
}

func (t *timer) checkBubble(what string) {
	if t.bubble != nil && curg.bubble != t.bubble {
		fatal(what + " of synctest timer from outside bubble")
	}
}

//go:linkname timeSleep time.Sleep
func timeSleep(ns int64) {
	if ns <= 0 {
		// As the SDK: the goroutine does not even yield, unless time is its bubble's.
		if ns < 0 || curg.bubble == nil {
			return
		}
	}
	gp := curg
	t := &timer{f: wakeSleeper, arg: gp, bubble: gp.bubble}
	when := t.now() + ns
	if when < 0 {
		when = 1<<63 - 1
	}
	t.when = when
	t.schedule()
	park(waitSleep)
}

func wakeSleeper(arg any, _ uintptr, _ int64) { ready(arg.(*g)) }

//go:linkname time_now time.now
func time_now() (sec int64, nsec int32, mono int64) {
	if b := curg.bubble; b != nil {
		return b.now / 1e9, int32(b.now % 1e9), b.now
	}
	sec, nsec = walltime()
	return sec, nsec, nanotime()
}

//go:linkname time_runtimeNow time.runtimeNow
func time_runtimeNow() (sec int64, nsec int32, mono int64) { return time_now() }

//go:linkname time_runtimeNano time.runtimeNano
func time_runtimeNano() int64 {
	if b := curg.bubble; b != nil {
		return b.now
	}
	return nanotime()
}

//go:linkname time_runtimeIsBubbled time.runtimeIsBubbled
func time_runtimeIsBubbled() bool { return curg.bubble != nil }

//go:linkname crypto_internal_fips140deps_time_monoTime crypto/internal/fips140deps/time.monoTime
func crypto_internal_fips140deps_time_monoTime() int64 { return nanotime() }

//go:linkname syscall_now syscall.now
func syscall_now() (sec int64, nsec int32) {
	sec, nsec, _ = time_now()
	return sec, nsec
}

func walltimeNano() int64 {
	sec, nsec := walltime()
	return sec*1e9 + int64(nsec)
}
