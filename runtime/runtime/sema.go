// Semaphores and conditions: what sync's types sleep on.
//
// A semaphore is a counter anywhere in memory; who finds it at 0 waits in a queue found by the counter's address.

package runtime

import "unsafe"

const semaBuckets = 251

var semaQueues [semaBuckets]waitQueue

func semaQueue(addr *uint32) *waitQueue {
	return &semaQueues[uintptr(unsafe.Pointer(addr))>>3%semaBuckets]
}

// acquire waits until the counter is positive and takes one off.
func acquire(addr *uint32, lifo bool, reason waitReason) {
	if *addr > 0 {
		*addr--
		return
	}
	s := newSudog()
	s.address = uintptr(unsafe.Pointer(addr))
	// The address is a number; the semaphore must not go away meanwhile.
	s.elem = unsafe.Pointer(addr)
	for {
		q := semaQueue(addr)
		if lifo {
			q.pushFront(s)
		} else {
			q.push(s)
		}
		park(reason)
		if s.ticket != 0 {
			break
		}
		if *addr > 0 {
			*addr--
			break
		}
	}
	s.free()
}

// release adds one and wakes a goroutine that waits for it. With handoff the one goes to that goroutine in any case.
func release(addr *uint32, handoff bool) {
	*addr++
	q := semaQueue(addr)
	for s := q.first; s != nil; s = s.next {
		if s.address == uintptr(unsafe.Pointer(addr)) {
			q.remove(s)
			if handoff {
				*addr--
				s.ticket = 1
			}
			ready(s.g)
			return
		}
	}
}

func (q *waitQueue) pushFront(s *sudog) {
	s.prev, s.next = nil, q.first
	if q.first == nil {
		q.last = s
	} else {
		q.first.prev = s
	}
	q.first = s
}

//go:linkname sync_runtime_Semacquire sync.runtime_Semacquire
func sync_runtime_Semacquire(addr *uint32) { acquire(addr, false, waitSemacquire) }

//go:linkname sync_runtime_SemacquireWaitGroup sync.runtime_SemacquireWaitGroup
func sync_runtime_SemacquireWaitGroup(addr *uint32, durable bool) {
	reason := waitWaitGroup
	if durable {
		reason = waitDurableWaitGroup
	}
	acquire(addr, false, reason)
}

//go:linkname sync_runtime_SemacquireRWMutexR sync.runtime_SemacquireRWMutexR
func sync_runtime_SemacquireRWMutexR(addr *uint32, lifo bool, skip int) {
	acquire(addr, lifo, waitRWMutexRLock)
}

//go:linkname sync_runtime_SemacquireRWMutex sync.runtime_SemacquireRWMutex
func sync_runtime_SemacquireRWMutex(addr *uint32, lifo bool, skip int) {
	acquire(addr, lifo, waitRWMutexLock)
}

//go:linkname sync_runtime_Semrelease sync.runtime_Semrelease
func sync_runtime_Semrelease(addr *uint32, handoff bool, skip int) { release(addr, handoff) }

//go:linkname internal_sync_runtime_SemacquireMutex internal/sync.runtime_SemacquireMutex
func internal_sync_runtime_SemacquireMutex(addr *uint32, lifo bool, skip int) {
	acquire(addr, lifo, waitMutex)
}

//go:linkname internal_sync_runtime_Semrelease internal/sync.runtime_Semrelease
func internal_sync_runtime_Semrelease(addr *uint32, handoff bool, skip int) { release(addr, handoff) }

//go:linkname poll_runtime_Semacquire internal/poll.runtime_Semacquire
func poll_runtime_Semacquire(addr *uint32) { acquire(addr, false, waitSemacquire) }

//go:linkname poll_runtime_Semrelease internal/poll.runtime_Semrelease
func poll_runtime_Semrelease(addr *uint32) { release(addr, false) }

// Spinning waits for another thread. There is none.
//
//go:linkname internal_sync_runtime_canSpin internal/sync.runtime_canSpin
func internal_sync_runtime_canSpin(i int) bool { return false }

//go:linkname internal_sync_runtime_doSpin internal/sync.runtime_doSpin
func internal_sync_runtime_doSpin() {}

//go:linkname internal_sync_nanotime internal/sync.runtime_nanotime
func internal_sync_nanotime() int64 { return nanotime() }

// notifyList is sync.notifyList: tickets are given out in order and called in order.
type notifyList struct {
	wait   uint32
	notify uint32
	lock   uintptr
	head   *sudog
	tail   *sudog
}

//go:linkname notifyListAdd sync.runtime_notifyListAdd
func notifyListAdd(l *notifyList) uint32 {
	l.wait++
	return l.wait - 1
}

//go:linkname notifyListWait sync.runtime_notifyListWait
func notifyListWait(l *notifyList, ticket uint32) {
	if int32(ticket-l.notify) < 0 {
		return // called already
	}
	s := newSudog()
	s.ticket = ticket
	if l.tail == nil {
		l.head = s
	} else {
		l.tail.next = s
	}
	l.tail = s
	park(waitCond)
	s.free()
}

//go:linkname notifyListNotifyAll sync.runtime_notifyListNotifyAll
func notifyListNotifyAll(l *notifyList) {
	s := l.head
	l.head, l.tail = nil, nil
	l.notify = l.wait
	for s != nil {
		next := s.next
		s.next = nil
		s.notify()
		s = next
	}
}

//go:linkname notifyListNotifyOne sync.runtime_notifyListNotifyOne
func notifyListNotifyOne(l *notifyList) {
	if l.wait == l.notify {
		return
	}
	ticket := l.notify
	l.notify++
	// The goroutine with the ticket may not wait yet: then notifyListWait sees that it was called.
	var before *sudog
	for s := l.head; s != nil; before, s = s, s.next {
		if s.ticket != ticket {
			continue
		}
		if before == nil {
			l.head = s.next
		} else {
			before.next = s.next
		}
		if l.tail == s {
			l.tail = before
		}
		s.next = nil
		s.notify()
		return
	}
}

func (s *sudog) notify() {
	if s.g.bubble != nil && curg.bubble != s.g.bubble {
		fatal("semaphore wake of synctest goroutine from outside bubble")
	}
	ready(s.g)
}

//go:linkname notifyListCheck sync.runtime_notifyListCheck
func notifyListCheck(size uintptr) {
	if size != unsafe.Sizeof(notifyList{}) {
		print("runtime: bad notifyList size: sync=", size, " runtime=", unsafe.Sizeof(notifyList{}), "\n")
		throw("bad notifyList size")
	}
}
