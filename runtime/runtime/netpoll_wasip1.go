// Waiting for file descriptors, by poll_oneoff: it takes a list of subscriptions (a clock, or a descriptor and a
// direction) and writes an event for each that has happened. It runs when no goroutine can, and now and then otherwise.
//
// internal/poll knows a descriptor by a number that is not an address.

package runtime

import (
	"structs"
	_ "unsafe" // for go:linkname
)

// What internal/poll wants to hear.
const (
	pollNoError = iota
	pollErrClosing
	pollErrTimeout
	pollErrNotPollable
)

// pollDesc is a descriptor that internal/poll has opened.
type pollDesc struct {
	fd      int32
	inUse   bool
	closing bool
	failed  bool
	reader  pollSide
	writer  pollSide
	next    uintptr // free list
}

// pollSide is one direction of a descriptor.
type pollSide struct {
	waiter   *g
	ready    bool
	expired  bool
	deadline timer
}

var (
	// By number, less one.
	pollDescs []*pollDesc
	freeDescs uintptr
	// Sides with a waiter.
	pollWaiters int
)

type subscription struct {
	_        structs.HostLayout
	userdata uint64
	kind     uint8
	// clock: id u32; else the descriptor.
	id        uint32
	_         uint32
	timeout   uint64
	precision uint64
	flags     uint16
}

type event struct {
	_        structs.HostLayout
	userdata uint64
	errno    uint16
	kind     uint8
	bytes    uint64
	flags    uint16
}

const (
	eventClock = iota
	eventRead
	eventWrite
)

const errnoInterrupted = 27

//go:wasmimport wasi_snapshot_preview1 poll_oneoff
//go:noescape
func poll_oneoff(in *subscription, out *event, count uint32, happened *uint32) errno

var (
	subscriptions []subscription
	events        []event
)

func (d *pollDesc) side(mode int) *pollSide {
	if mode == 'r' {
		return &d.reader
	}
	return &d.writer
}

func pollDescOf(ctx uintptr) *pollDesc { return pollDescs[ctx-1] }

//go:linkname poll_runtime_pollServerInit internal/poll.runtime_pollServerInit
func poll_runtime_pollServerInit() {}

//go:linkname poll_runtime_isPollServerDescriptor internal/poll.runtime_isPollServerDescriptor
func poll_runtime_isPollServerDescriptor(fd uintptr) bool { return false }

//go:linkname poll_runtime_pollOpen internal/poll.runtime_pollOpen
func poll_runtime_pollOpen(fd uintptr) (uintptr, int) {
	ctx := freeDescs
	if ctx == 0 {
		pollDescs = append(pollDescs, nil)
		ctx = uintptr(len(pollDescs))
	} else {
		freeDescs = pollDescOf(ctx).next
	}
	pollDescs[ctx-1] = &pollDesc{fd: int32(fd), inUse: true}
	return ctx, 0
}

//go:linkname poll_runtime_pollClose internal/poll.runtime_pollClose
func poll_runtime_pollClose(ctx uintptr) {
	d := pollDescOf(ctx)
	if !d.closing {
		throw("runtime: close polldesc w/o unblock")
	}
	d.inUse = false
	d.next = freeDescs
	freeDescs = ctx
}

//go:linkname poll_runtime_pollReset internal/poll.runtime_pollReset
func poll_runtime_pollReset(ctx uintptr, mode int) int {
	d := pollDescOf(ctx)
	d.side(mode).ready = false
	return d.check(mode)
}

func (d *pollDesc) check(mode int) int {
	switch {
	case d.closing:
		return pollErrClosing
	case d.side(mode).expired:
		return pollErrTimeout
	case mode == 'r' && d.failed:
		return pollErrNotPollable
	}
	return pollNoError
}

//go:linkname poll_runtime_pollWait internal/poll.runtime_pollWait
func poll_runtime_pollWait(ctx uintptr, mode int) int {
	d := pollDescOf(ctx)
	s := d.side(mode)
	for {
		if code := d.check(mode); code != pollNoError {
			return code
		}
		if s.ready {
			s.ready = false
			return pollNoError
		}
		if s.waiter != nil {
			throw("runtime: double wait")
		}
		s.waiter = curg
		pollWaiters++
		park(waitIO)
	}
}

//go:linkname poll_runtime_pollWaitCanceled internal/poll.runtime_pollWaitCanceled
func poll_runtime_pollWaitCanceled(ctx uintptr, mode int) {}

func (s *pollSide) wake() {
	if gp := s.waiter; gp != nil {
		s.waiter = nil
		pollWaiters--
		ready(gp)
	}
}

//go:linkname poll_runtime_pollUnblock internal/poll.runtime_pollUnblock
func poll_runtime_pollUnblock(ctx uintptr) {
	d := pollDescOf(ctx)
	d.closing = true
	for _, s := range [2]*pollSide{&d.reader, &d.writer} {
		s.deadline.stop()
		s.wake()
	}
}

// poll_runtime_pollSetDeadline: d is a duration; 0 takes the deadline away, less is a deadline in the past.
//
//go:linkname poll_runtime_pollSetDeadline internal/poll.runtime_pollSetDeadline
func poll_runtime_pollSetDeadline(ctx uintptr, duration int64, mode int) {
	d := pollDescOf(ctx)
	if d.closing {
		return
	}
	if mode == 'r' || mode == 'r'+'w' {
		d.reader.setDeadline(duration)
	}
	if mode == 'w' || mode == 'r'+'w' {
		d.writer.setDeadline(duration)
	}
}

func (s *pollSide) setDeadline(duration int64) {
	s.deadline.stop()
	s.expired = duration < 0
	switch {
	case s.expired:
		s.wake()
	case duration > 0:
		when := nanotime() + duration
		if when < 0 {
			when = 1<<63 - 1
		}
		s.deadline.f, s.deadline.arg = expire, s
		s.deadline.reset(when, 0)
	}
}

func expire(arg any, _ uintptr, _ int64) {
	s := arg.(*pollSide)
	s.expired = true
	s.wake()
}

// pollUntil waits for events until a time on the monotonic clock; 0: without end, negative: not at all.
func pollUntil(when int64) {
	subscriptions = subscriptions[:0]
	if when != 0 {
		wait := uint64(0)
		if when > 0 {
			wait = uint64(max(when-nanotime(), 0))
		}
		subscriptions = append(subscriptions, subscription{kind: eventClock, id: clockMonotonic, timeout: wait, precision: 1000})
	}
	for i, d := range pollDescs {
		if d.reader.waiter != nil {
			subscriptions = append(subscriptions, subscription{userdata: uint64(i + 1), kind: eventRead, id: uint32(d.fd)})
		}
		if d.writer.waiter != nil {
			subscriptions = append(subscriptions, subscription{userdata: uint64(i + 1), kind: eventWrite, id: uint32(d.fd)})
		}
	}
	if cap(events) < len(subscriptions) {
		events = make([]event, cap(subscriptions))
	}
	events = events[:len(subscriptions)]
	var happened uint32
	if code := poll_oneoff(&subscriptions[0], &events[0], uint32(len(subscriptions)), &happened); code != 0 {
		if code == errnoInterrupted {
			return
		}
		print("runtime: poll_oneoff failed with ", code, "\n")
		throw("poll_oneoff failed")
	}
	for _, e := range events[:happened] {
		if e.kind == eventClock || e.userdata == 0 {
			continue
		}
		d := pollDescOf(uintptr(e.userdata))
		if e.errno != 0 {
			d.failed = true
		}
		s := &d.reader
		if e.kind == eventWrite {
			s = &d.writer
		}
		s.ready = true
		s.wake()
	}
}
