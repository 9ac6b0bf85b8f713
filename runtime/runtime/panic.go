// Panics, deferred calls and recover.
//
// A function with `defer` owns a deferFrame; those with pending calls form a list, newest first, from the goroutine. A
// panic runs the pending calls on top of the panicking stack, frame by frame. When one of them has recovered, the wasm
// exception `recovered(frame)` unwinds to the function that owns the frame, whose landing pad runs what is left and
// returns. Goexit is a panic that nobody can recover.
//
//	main.f  deferFrame{head: c2 -> c1}          1. panic calls c2 on top of main.h
//	  main.g                                    2. c2 calls recover: the record is marked
//	    main.h: panic(x)                        3. c2 returns: the panic throws recovered(&f's frame)
//	      gopanic                               4. f's landing pad: deferreturn runs c1; f returns
//	        c2
//
// A deferred call may park. Then its frames are captured up to gopanic, which leaves a continuation among the captured
// frames and unwinds to the owner F of the deferred call (the frames between are dead); F and its callers are captured
// in the ordinary way. Once the call has gone on and returned, the continuation runs the loop where the panicking
// stack was, with all deferring functions saved in the heap ("detached").
//
// recover works only in a function that was called as a deferred call: gopanic publishes the identity of each before it
// calls it; a function that contains recover takes the publication at its entry if the identity is its own.

package runtime

import (
	"internal/wasm"
	"unsafe"
)

// deferFrame is a slot of every function that contains defer. It begins as zero.
type deferFrame struct {
	link *deferFrame
	head *deferred
	// Position in the goroutine's list, counted from its end; 0: not in the list.
	depth int
}

type deferred struct {
	link *deferred
	fn   func()
}

// panicRecord is a panic or Goexit under way.
type panicRecord struct {
	link *panicRecord
	arg  any
	// Whose deferred call is running, and what its depth is: a later panic may take the frame out of the list.
	frame      *deferFrame
	depth      int
	recovered  bool
	goexit     bool
	repanicked bool
	// arg has been asked what to print.
	spoken bool
	// Nothing of the panicking stack is left: see above.
	detached bool
	// The call sites of what was left, down to the owner's of the deferred call that parked first.
	trace []uint32
	// How many those were when it parked, with the ones below, which are in the trace until cutTraces.
	traced int
	uncut  bool
}

// freeDeferred are records for reuse.
var freeDeferred *deferred

// deferproc registers a deferred call with the function's frame.
func deferproc(frame *deferFrame, fn func()) {
	linkDeferFrame(frame)
	d := freeDeferred
	if d == nil {
		d = new(deferred)
	} else {
		freeDeferred = d.link
	}
	d.link, d.fn = frame.head, fn
	frame.head = d
}

// linkDeferFrame enters a frame into the list, unless it is there. Functions call it before a range-over-func loop whose body defers: by
// the time it does the iterator's own frames may be in the list.
func linkDeferFrame(frame *deferFrame) {
	if frame.depth != 0 {
		return
	}
	gp := getg()
	frame.link = gp.defers
	frame.depth = 1
	if gp.defers != nil {
		frame.depth = gp.defers.depth + 1
	}
	gp.defers = frame
}

// popDeferred takes the newest call out of a frame.
func (frame *deferFrame) popDeferred() func() {
	d := frame.head
	frame.head = d.link
	fn := d.fn
	d.fn = nil
	d.link = freeDeferred
	freeDeferred = d
	return fn
}

// deferreturn runs what is left of the calling function's deferred calls.
func deferreturn(frame *deferFrame) {
	gp := getg()
	if gp.suspendAtOwner {
		// The deferred call of this frame that a panic ran has parked.
		gp.suspendAtOwner = false
		wasm.Suspend()
	}
	for frame.head != nil {
		fn := frame.popDeferred()
		outer := gp.recoverIdent
		gp.recoverIdent = 0
		fn()
		gp = getg()
		gp.recoverIdent = outer
	}
	if frame.depth != 0 {
		gp.defers = frame.link
		frame.depth = 0
	}
}

// gopanic is panic(e).
//
//go:linkname gopanic
//go:noinline
func gopanic(e any) {
	gp := getg()
	if e == nil {
		if debug.panicnil == 1 {
			incNonDefault("panicnil")
		} else {
			e = new(PanicNilError)
		}
	}
	p := &panicRecord{arg: e, link: gp.panics}
	gp.panics = p
	runDeferred(gp)
}

// Goexit terminates the calling goroutine after its deferred calls. Called from the main goroutine it lets the others go
// on; when they are done too the program crashes.
//
//go:noinline
func Goexit() {
	gp := getg()
	gp.panics = &panicRecord{goexit: true, link: gp.panics}
	runDeferred(gp)
}

// runDeferred is the loop of the panic on top. It returns only if detached: either the goroutine is suspended or its
// saved frames are such that going on with them is what comes next.
func runDeferred(gp *g) {
	for {
		p := gp.panics
		f := gp.defers
		if f == nil {
			if p.goexit {
				endGoexit(gp, p)
				return
			}
			// Nothing is left to recover p, so a panic within the methods must not be taken for a later one of its kind.
			p.frame, p.depth = nil, 0
			if makePrintable(p) {
				suspendPanic(gp, p)
				return
			}
			fatalpanic(gp, p)
		}
		if f.head == nil {
			gp.defers = f.link
			f.depth = 0
			continue
		}
		fn := f.popDeferred()
		p.frame, p.depth = f, f.depth
		gp.recoverIdent = wasm.IdentOf(fn)
		if wasm.Call(fn) {
			suspendPanic(gp, p)
			return
		}
		if afterDeferred(gp, p) {
			return
		}
	}
}

// afterDeferred looks at what a deferred call has done. It reports whether the loop is over, which it is only if the
// panic was recovered and is detached; otherwise recovery does not return.
func afterDeferred(gp *g, p *panicRecord) bool {
	gp.recoverIdent = 0
	if !p.recovered {
		return false
	}
	f := p.frame
	// Panics whose deferred calls belong to f or to older functions end with this one: the stack below is given up.
	// A Goexit among them goes on: it does not return to f in any case.
	gp.panics = p.link
	for gp.panics != nil && gp.panics.depth >= p.depth {
		if gp.panics.goexit {
			gp.panics.detached = p.detached
			return false
		}
		gp.panics = gp.panics.link
	}
	if gp.panics == nil {
		gp.faulted = false
	}
	if p.detached {
		gp.dropFramesAbove(f)
		return true
	}
	if gp.saved(f) {
		gp.unwindTo = f
		f = gp.base
	}
	wasm.ThrowRecovered(unsafe.Pointer(f))
	return true
}

// suspendPanic leaves a continuation behind the frames of a call that has parked, and unwinds to the owner: if there is
// none because the panic is about to be printed, to the bottom.
//
//go:noinline
func suspendPanic(gp *g, p *panicRecord) {
	if p.detached {
		captureContinuation(gp)
		return
	}
	onTopOfAnother := gp.continuesPanic()
	captureContinuation(gp)
	p.detached = true
	wasm.EndSuspend()
	f := p.frame
	p.saveTrace(gp)
	switch {
	case f == nil:
		if onTopOfAnother {
			// It never goes on, but traces need its place.
			captureContinuation(gp)
		}
		gp.parked = true
		f = gp.base
	case gp.saved(f):
		gp.unwindTo, gp.parked = f, true
		f = gp.base
	default:
		gp.suspendAtOwner = true
		p.uncut = !p.goexit
	}
	wasm.ThrowRecovered(unsafe.Pointer(f))
}

// saveTrace notes the calls that the panicking stack is in, beginning with itself.
//
//go:noinline
func (p *panicRecord) saveTrace(gp *g) {
	if p.goexit {
		return
	}
	const most = 128
	startWalk(gp, wholeStack)
	walk.frames, walk.panics = nil, nil
	for site := nextSite(); site != noSite; site = nextSite() {
		if len(p.trace) < most {
			p.trace = append(p.trace, site)
		}
		p.traced++
	}
	if p.frame != nil && gp.saved(p.frame) {
		for f := gp.frames; f.deferFrame != p.frame; f = f.caller {
			p.trace = append(p.trace, f.site)
		}
	}
}

// cutTraces is called when a stack has been captured: the frame of each owner will tell of its callers, the trace of the
// call that panicked.
func (gp *g) cutTraces() {
	p := gp.panics.newestDetached()
	for f := gp.captured; f != nil && p != nil; f = f.caller {
		if f.code != 0 {
			continue
		}
		next := p.link.newestDetached()
		owner := f.caller
		for p.uncut && owner != nil && owner.deferFrame != p.frame {
			// deferreturn, from which the owner suspends itself.
			owner.site = noSite
			owner = owner.caller
		}
		if p.uncut && owner != nil {
			below := 0
			other := owner.caller
			for ; other != nil && other.code != 0; other = other.caller {
				below++
			}
			if other != nil && next != nil {
				// Then comes the stack of another panic, from the loop on that called the deferred function.
				below += next.traced - 2
			}
			p.uncut = false
			p.trace = p.trace[:min(len(p.trace), max(p.traced-below, 0))]
			owner.site = noSite
		}
		p = next
	}
}

func (p *panicRecord) newestDetached() *panicRecord {
	for p != nil && !p.detached {
		p = p.link
	}
	return p
}

// continuePanic goes on after the call that had parked has returned.
func continuePanic(gp *g) {
	if !afterDeferred(gp, gp.panics) {
		runDeferred(gp)
	}
}

func endGoexit(gp *g, p *panicRecord) {
	gp.panics = nil
	gp.exiting = true
	if p.detached {
		gp.dropAllFrames()
		return
	}
	wasm.ThrowRecovered(unsafe.Pointer(gp.base))
}

// recoverable is the beginning of a function that contains recover: it takes the publication if that is meant for the
// function. The token names the panic.
func recoverable(ident uint32) uintptr {
	gp := getg()
	if gp.recoverIdent != ident {
		return 0
	}
	gp.recoverIdent = 0
	return uintptr(unsafe.Pointer(gp.panics))
}

// gorecover is recover().
func gorecover(token uintptr) any {
	p := getg().panics
	if token == 0 || uintptr(unsafe.Pointer(p)) != token || p.recovered || p.goexit {
		return nil
	}
	p.recovered = true
	return p.arg
}

// forwardrecover is the beginning of wrappers and thunks: what is meant for them is meant for the function they call.
func forwardrecover(own, callee uint32) {
	gp := getg()
	if gp.recoverIdent == own {
		gp.recoverIdent = callee
	}
}
