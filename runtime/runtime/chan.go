// Channels.
//
// A channel is a ring of elements and two queues of waiting goroutines; one of the queues is empty at any time, and
// receivers wait only if the ring is empty, senders only if it is full. A sender that finds a receiver copies the element
// to where the receiver wants it and the other way round, so that a goroutine that is woken has nothing left to do.
//
// The address of an element must stay valid while the goroutine is parked: it lies in the heap or in a record on the
// side stack. For elements of up to a word compiled code may use the *word functions, where the element waits in the
// sudog and no record is needed.

package runtime

import (
	"internal/abi"
	"internal/runtime/math"
	"internal/wasm"
	"unsafe"
)

type hchan struct {
	count    uint // elements in the ring; first of all fields: len()
	size     uint // of the ring; second: cap()
	buf      unsafe.Pointer
	elemSize uintptr
	closed   bool
	// The timer that sends on the channel, if it is one of package time's.
	timer    *timer
	elemType *abi.Type
	sendAt   uint
	recvAt   uint
	recvers  waitQueue
	senders  waitQueue
	bubble   *bubble
}

// sudog is a goroutine that waits, in one of perhaps several queues.
type sudog struct {
	g          *g
	next, prev *sudog
	elem       unsafe.Pointer
	c          *hchan
	// Room for an element that has no address of its own.
	word    uint64
	pointer unsafe.Pointer
	// One of several: whoever takes the first takes the goroutine.
	selecting bool
	// The communication took place; false: the channel was closed.
	success bool
	// Semaphores and conditions.
	address uintptr
	ticket  uint32
	// The goroutine's other sudogs, in case order.
	waitLink *sudog
}

var freeSudogs *sudog

func newSudog() *sudog {
	s := freeSudogs
	if s == nil {
		s = new(sudog)
	} else {
		freeSudogs = s.next
		s.next = nil
	}
	s.g = curg
	return s
}

func (s *sudog) free() {
	*s = sudog{next: freeSudogs}
	freeSudogs = s
}

type waitQueue struct {
	first, last *sudog
}

func (q *waitQueue) push(s *sudog) {
	s.next, s.prev = nil, q.last
	if q.last == nil {
		q.first = s
	} else {
		q.last.next = s
	}
	q.last = s
}

func (q *waitQueue) remove(s *sudog) {
	if s.prev == nil && s.next == nil && q.first != s {
		return // taken already
	}
	if s.prev != nil {
		s.prev.next = s.next
	} else {
		q.first = s.next
	}
	if s.next != nil {
		s.next.prev = s.prev
	} else {
		q.last = s.prev
	}
	s.next, s.prev = nil, nil
}

// pop takes the first goroutine that nobody else has taken.
func (q *waitQueue) pop() *sudog {
	for {
		s := q.first
		if s == nil {
			return nil
		}
		q.remove(s)
		if s.selecting {
			if s.g.selected {
				continue
			}
			s.g.selected = true
		}
		return s
	}
}

// wake lets the goroutine of a sudog go on.
func (s *sudog) wake(success bool) {
	s.success = success
	s.g.wokenBy = s
	ready(s.g)
}

func makechan64(t *abi.ChanType, size int64) *hchan { return makechan(t, int(size)) }

//go:linkname makechan
func makechan(t *abi.ChanType, size int) *hchan {
	elem := t.Elem
	bytes, overflow := math.MulUintptr(elem.Size_, uintptr(size))
	if overflow || bytes > maxAlloc || size < 0 {
		panic(plainError("makechan: size out of range"))
	}
	c := &hchan{size: uint(size), elemSize: elem.Size_, elemType: elem, bubble: curg.bubble}
	c.buf = mallocgc(bytes, elem, true)
	return c
}

func (c *hchan) slot(i uint) unsafe.Pointer {
	return unsafe.Add(c.buf, uintptr(i)*c.elemSize)
}

func (c *hchan) put(elem unsafe.Pointer) {
	wasm.Copy(c.slot(c.sendAt), elem, c.elemSize)
	if c.sendAt++; c.sendAt == c.size {
		c.sendAt = 0
	}
	c.count++
}

// take moves the oldest element out of the ring.
func (c *hchan) take(elem unsafe.Pointer) {
	from := c.slot(c.recvAt)
	if elem != nil {
		wasm.Copy(elem, from, c.elemSize)
	}
	wasm.Fill(from, 0, c.elemSize)
	if c.recvAt++; c.recvAt == c.size {
		c.recvAt = 0
	}
	c.count--
}

// trySend sends if that is possible at once.
func (c *hchan) trySend(elem unsafe.Pointer) bool {
	if c.bubble != nil && curg.bubble != c.bubble {
		fatal("send on synctest channel from outside bubble")
	}
	if c.closed {
		panic(plainError("send on closed channel"))
	}
	if r := c.recvers.pop(); r != nil {
		if r.elem != nil {
			wasm.Copy(r.elem, elem, c.elemSize)
		}
		r.wake(true)
		return true
	}
	if c.count < c.size {
		c.put(elem)
		return true
	}
	return false
}

// tryReceive receives if that is possible at once; received is false if that is because the channel is closed.
func (c *hchan) tryReceive(elem unsafe.Pointer) (done, received bool) {
	if c.bubble != nil && curg.bubble != c.bubble {
		fatal("receive on synctest channel from outside bubble")
	}
	if c.timer != nil {
		c.timer.runIfDue()
	}
	if c.count > 0 {
		c.take(elem)
		// A sender that was waiting for room has it now.
		if s := c.senders.pop(); s != nil {
			c.put(s.elem)
			s.wake(true)
		}
		return true, true
	}
	if s := c.senders.pop(); s != nil {
		if elem != nil {
			wasm.Copy(elem, s.elem, c.elemSize)
		}
		s.wake(true)
		return true, true
	}
	if c.closed {
		if elem != nil {
			wasm.Fill(elem, 0, c.elemSize)
		}
		return true, false
	}
	return false, false
}

func (c *hchan) waitReason(outside, inside waitReason) waitReason {
	if c.bubble != nil {
		return inside
	}
	return outside
}

// send blocks until the element is sent.
func (c *hchan) send(s *sudog) {
	s.c = c
	c.senders.push(s)
	park(c.waitReason(waitSend, waitDurableSend))
	if !s.success {
		s.free()
		panic(plainError("send on closed channel"))
	}
}

// receive blocks until an element is received or the channel is closed.
func (c *hchan) receive(s *sudog) (received bool) {
	s.c = c
	c.recvers.push(s)
	if c.timer != nil {
		c.timer.addReceiver()
	}
	park(c.waitReason(waitReceive, waitDurableReceive))
	if c.timer != nil {
		c.timer.removeReceiver()
	}
	return s.success
}

// chansend1 is c <- x.
func chansend1(c *hchan, elem unsafe.Pointer) {
	if c == nil {
		park(waitSendNil)
	}
	if !c.trySend(elem) {
		s := newSudog()
		s.elem = elem
		c.send(s)
		s.free()
	}
}

// chansendword is c <- x for an element of up to 8 bytes without pointers, or a pointer.
func chansendword(c *hchan, word uint64) {
	if c == nil {
		park(waitSendNil)
	}
	if !c.trySend(unsafe.Pointer(&word)) {
		s := newSudog()
		s.elem = s.place(c)
		*(*uint64)(s.elem) = word
		c.send(s)
		s.free()
	}
}

// place is where the sudog has room for an element: words that are pointers must be seen by the collector.
func (s *sudog) place(c *hchan) unsafe.Pointer {
	if c.elemType.PtrBytes != 0 {
		return unsafe.Pointer(&s.pointer)
	}
	return unsafe.Pointer(&s.word)
}

// chanrecv1 is <-c; elem may be nil.
func chanrecv1(c *hchan, elem unsafe.Pointer) { chanrecv2(c, elem) }

// chanrecv2 is x, ok = <-c.
func chanrecv2(c *hchan, elem unsafe.Pointer) (received bool) {
	if c == nil {
		park(waitReceiveNil)
	}
	done, received := c.tryReceive(elem)
	if !done {
		s := newSudog()
		s.elem = elem
		received = c.receive(s)
		s.free()
	}
	return received
}

// chanrecvword is x, ok = <-c for an element as in chansendword.
func chanrecvword(c *hchan) (word uint64, received bool) {
	if c == nil {
		park(waitReceiveNil)
	}
	done, received := c.tryReceive(unsafe.Pointer(&word))
	if !done {
		s := newSudog()
		s.elem = s.place(c)
		received = c.receive(s)
		if c.elemSize == 8 {
			word = *(*uint64)(s.elem)
		} else {
			wasm.Copy(unsafe.Pointer(&word), s.elem, c.elemSize)
		}
		s.free()
	}
	return word, received
}

func closechan(c *hchan) {
	if c == nil {
		panic(plainError("close of nil channel"))
	}
	if c.bubble != nil && curg.bubble != c.bubble {
		fatal("close of synctest channel from outside bubble")
	}
	if c.closed {
		panic(plainError("close of closed channel"))
	}
	c.closed = true
	for r := c.recvers.pop(); r != nil; r = c.recvers.pop() {
		if r.elem != nil {
			wasm.Fill(r.elem, 0, c.elemSize)
		}
		r.wake(false)
	}
	for s := c.senders.pop(); s != nil; s = c.senders.pop() {
		s.wake(false)
	}
}

// selectnbsend is select { case c <- x: default: }.
func selectnbsend(c *hchan, elem unsafe.Pointer) (selected bool) {
	return c != nil && c.trySend(elem)
}

// selectnbrecv is select { case x, ok = <-c: default: }.
func selectnbrecv(elem unsafe.Pointer, c *hchan) (selected, received bool) {
	if c == nil {
		return false, false
	}
	return c.tryReceive(elem)
}

// chanlen: channels of timers look unbuffered.
func chanlen(c *hchan) int {
	if c == nil || c.timer != nil {
		return 0
	}
	return int(c.count)
}

func chancap(c *hchan) int {
	if c == nil || c.timer != nil {
		return 0
	}
	return int(c.size)
}

//go:linkname reflect_chansend reflect.chansend0
func reflect_chansend(c *hchan, elem unsafe.Pointer, nonblocking bool) (selected bool) {
	if nonblocking {
		return selectnbsend(c, elem)
	}
	chansend1(c, elem)
	return true
}

//go:linkname reflect_chanrecv reflect.chanrecv
func reflect_chanrecv(c *hchan, nonblocking bool, elem unsafe.Pointer) (selected, received bool) {
	if nonblocking {
		return selectnbrecv(elem, c)
	}
	return true, chanrecv2(c, elem)
}

//go:linkname reflect_makechan reflect.makechan
func reflect_makechan(t *abi.ChanType, size int) *hchan { return makechan(t, size) }

//go:linkname reflect_chanlen reflect.chanlen
func reflect_chanlen(c *hchan) int { return chanlen(c) }

//go:linkname reflectlite_chanlen internal/reflectlite.chanlen
func reflectlite_chanlen(c *hchan) int { return chanlen(c) }

//go:linkname reflect_chancap reflect.chancap
func reflect_chancap(c *hchan) int { return chancap(c) }

//go:linkname reflect_chanclose reflect.chanclose
func reflect_chanclose(c *hchan) { closechan(c) }
