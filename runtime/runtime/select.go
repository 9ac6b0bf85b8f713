// select over several channels: look at the cases in random order; if none can go on, wait in all their queues.

package runtime

import "unsafe"

// scase is a case of a select statement as compiled code lays it out.
type scase struct {
	c    *hchan
	elem unsafe.Pointer
}

// selectgo executes a select statement: first nsends cases that send, then nrecvs that receive. order has room for
// twice as many numbers, of which it uses the first half. It returns the index of the chosen case, -1 for the default,
// and whether a chosen receive got an element.
func selectgo(cases *scase, order *uint16, nsends, nrecvs int, block bool) (chosen int, received bool) {
	n := nsends + nrecvs
	all := unsafe.Slice(cases, n)
	poll := shuffledCases(all, unsafe.Slice(order, n))
	for _, i := range poll {
		s := &all[i]
		if int(i) < nsends {
			if s.c.trySend(s.elem) {
				return int(i), false
			}
		} else if done, received := s.c.tryReceive(s.elem); done {
			return int(i), received
		}
	}
	if !block {
		return -1, false
	}
	reason := waitSelect
	if len(poll) == 0 {
		reason = waitSelectNoCases
	} else if allInBubble(all, poll) {
		reason = waitDurableSelect
	}
	first := enqueueCases(all, poll, nsends)
	gp := curg
	gp.selected = false
	gp.wokenBy = nil
	park(reason)
	woken := gp.wokenBy
	gp.wokenBy = nil
	chosen, received = -1, woken.success
	at := 0
	for s := first; s != nil; at++ {
		next := s.waitLink
		i := int(poll[at])
		if s == woken {
			chosen = i
		} else {
			s.c.queue(i < nsends).remove(s)
		}
		if i >= nsends && s.c.timer != nil {
			s.c.timer.removeReceiver()
		}
		s.free()
		s = next
	}
	if chosen < nsends && !received {
		panic(plainError("send on closed channel"))
	}
	return chosen, received
}

func (c *hchan) queue(sending bool) *waitQueue {
	if sending {
		return &c.senders
	}
	return &c.recvers
}

// shuffledCases fills order with the cases that have a channel, each order being equally likely.
func shuffledCases(all []scase, order []uint16) []uint16 {
	n := 0
	for i := range all {
		if all[i].c == nil {
			all[i].elem = nil
			continue
		}
		j := int(cheaprandn(uint32(n + 1)))
		order[n] = order[j]
		order[j] = uint16(i)
		n++
	}
	return order[:n]
}

func allInBubble(all []scase, poll []uint16) bool {
	for _, i := range poll {
		if all[i].c.bubble == nil {
			return false
		}
	}
	return true
}

// enqueueCases makes a sudog for each case, linked in the order of poll.
func enqueueCases(all []scase, poll []uint16, nsends int) *sudog {
	var first *sudog
	link := &first
	for _, i := range poll {
		s := newSudog()
		s.selecting = true
		s.c, s.elem = all[i].c, all[i].elem
		*link = s
		link = &s.waitLink
		sending := int(i) < nsends
		s.c.queue(sending).push(s)
		if !sending && s.c.timer != nil {
			s.c.timer.addReceiver()
		}
	}
	return first
}

// runtimeSelect is reflect's case.
type runtimeSelect struct {
	dir int
	typ unsafe.Pointer
	c   *hchan
	val unsafe.Pointer
}

const (
	selectSend = iota + 1
	selectRecv
	selectDefault
)

//go:linkname reflect_rselect reflect.rselect
func reflect_rselect(cases []runtimeSelect) (chosen int, received bool) {
	all := make([]scase, 0, len(cases))
	// Which of reflect's cases a case is.
	from := make([]int, 0, len(cases))
	otherwise := -1
	nsends := 0
	for _, dir := range [2]int{selectSend, selectRecv} {
		for i := range cases {
			if cases[i].dir == dir {
				all = append(all, scase{cases[i].c, cases[i].val})
				from = append(from, i)
			} else if cases[i].dir == selectDefault {
				otherwise = i
			}
		}
		if dir == selectSend {
			nsends = len(all)
		}
	}
	if len(all) == 0 {
		if otherwise < 0 {
			block()
		}
		return otherwise, false
	}
	order := make([]uint16, 2*len(all))
	chosen, received = selectgo(&all[0], &order[0], nsends, len(all)-nsends, otherwise < 0)
	if chosen < 0 {
		return otherwise, false
	}
	return from[chosen], received
}
