// Walking stacks: runtime.Callers, runtime.Stack and the traces that programs die with.
//
// The frames on the wasm stack are found by hostSite, which differs by host; those that were captured tell their sites
// themselves (frames.go). The wasm stack may have frames of several goroutines (sched.go): where one ends is told by
// the frame of enter.

package runtime

import (
	"internal/bytealg"
	"internal/wasm"
)

// walk is the way up a goroutine's stack. There is one, because a walk may not need memory, and walks do not nest.
var walk struct {
	hostWalk hostWalk
	// How many goroutines are further up on the wasm stack; less than 0: the rest is not there.
	above  int
	frames *frame
	// Where panics whose stack is gone have their calls, from the newest on, and those of the one that comes now.
	panics *panicRecord
	dead   []uint32
	// The newest of them is going on on the wasm stack.
	continues bool
}

// wholeStack is the limit of a walk that goes to the end.
const wholeStack = 1 << 16

// startWalk begins with the caller of this function, or with the innermost frame of another goroutine. Nobody will ask
// for more than `limit` sites.
//
//go:noinline
func startWalk(gp *g, limit int) {
	walk.above = -1
	walk.frames = gp.frames
	walk.dead = nil
	walk.panics = gp.panics
	h := lineTable()
	if h == nil || gp.depth == 0 {
		return
	}
	walk.above = depth - gp.depth
	walk.continues = gp.continuesPanic()
	walk.hostWalk.start(wasm.StackPointer(), limit)
	for {
		f := h.codeOf(walk.hostWalk.next())
		if f == nil || f.index == wasm.Ident() {
			return
		}
	}
}

// nextSite returns the next call site of the walk, or noSite at its end.
func nextSite() uint32 {
	for walk.above >= 0 {
		site := walk.hostWalk.next()
		f := lineTable().codeOf(site)
		switch {
		case f == nil:
			walk.above = -1
		case f.index == bottom:
			if walk.above--; walk.above < 0 && walk.continues {
				nextDead()
			}
		case walk.above == 0:
			return site
		}
	}
	for {
		if len(walk.dead) != 0 {
			site := walk.dead[0]
			walk.dead = walk.dead[1:]
			return site
		}
		f := walk.frames
		if f == nil {
			return noSite
		}
		walk.frames = f.caller
		if f.code == 0 {
			nextDead()
		} else if f.site != noSite {
			return f.site
		}
	}
}

// continuesPanic reports whether a panic whose stack is gone is going on on the wasm stack: those that wait are among
// the frames.
func (gp *g) continuesPanic() bool {
	n := 0
	for p := gp.panics.newestDetached(); p != nil; p = p.link.newestDetached() {
		n++
	}
	for f := gp.frames; f != nil && n > 0; f = f.caller {
		if f.code == 0 {
			n--
		}
	}
	return n > 0
}

// nextDead goes on with the calls of a panic whose stack is gone.
func nextDead() {
	if p := walk.panics.newestDetached(); p != nil {
		walk.dead, walk.panics = p.trace, p.link
	}
}

// callers fills pcs with the PCs of calls, leaving out the `skip` innermost frames; 0 is the caller of callers. Inlined
// functions count as frames and have PCs of their own: those of their sites.
//
//go:noinline
func callers(skip int, pcs []uintptr) (n int) {
	gp := curg
	if gp == nil || len(pcs) == 0 {
		return 0
	}
	skip++ // callers itself
	startWalk(gp, skip+len(pcs))
	inner := uint32(0)
	for site := nextSite(); site != noSite; site = nextSite() {
		for site != noSite && n < len(pcs) {
			p, _ := placeOfSite(site)
			if !p.elided(inner) {
				if skip == 0 {
					pcs[n] = sitePC(site)
					n++
				} else {
					skip--
				}
			}
			inner, site = p.function, p.outer
		}
		if n == len(pcs) {
			break
		}
	}
	if n < len(pcs) && skip == 0 && lineTable() != nil {
		pcs[n] = uintptr(wasm.IdentOf(goexit))
		n++
	}
	if n == 0 && lineTable() == nil && gp.entryPC != 0 {
		// Nobody tells where we are, but we are somewhere.
		pcs[0] = gp.entryPC
		n = 1
	}
	return n
}

// goexit is what goroutines seem to be called by.
//
//go:noinline
func goexit() {}

// elided reports whether the place is in a wrapper that has called what it wraps: frames of wrappers count only if they
// have panicked.
func (p place) elided(inner uint32) bool {
	h := lineTable()
	if h.function(p.function).flags&functionIsWrapper == 0 {
		return false
	}
	switch h.nameOf(inner) {
	case "runtime.gopanic", "runtime.panicmem", "runtime.panicwrap":
		return false
	}
	return true
}

// Callers fills pc with the PCs of the calls on the goroutine's stack. 0 as skip is Callers itself.
func Callers(skip int, pc []uintptr) int {
	return callers(skip, pc)
}

// Caller reports file and line of a call on the goroutine's stack. 0 as skip is the caller of Caller.
func Caller(skip int) (pc uintptr, file string, line int, ok bool) {
	var pcs [1]uintptr
	if callers(skip+1, pcs[:]) == 0 {
		return 0, "", 0, false
	}
	p, ok := placeOf(pcs[0])
	if !ok {
		return 0, "", 0, false
	}
	return pcs[0], lineTable().file(p.file), int(p.line), true
}

// Stack formats a trace of the goroutine, and of all others if asked to, into buf.
func Stack(buf []byte, all bool) int {
	into := buf[:0:len(buf)]
	printInto = &into
	printGoroutine(curg, true)
	if all {
		printOtherGoroutines(curg)
	}
	printInto = nil
	return len(into)
}

func printOtherGoroutines(except *g) {
	// allgs begins with the newest.
	for id := uint64(1); id <= lastGoid; {
		var gp *g
		for other := allgs; other != nil; other = other.allLink {
			if other.id >= id && (gp == nil || other.id < gp.id) {
				gp = other
			}
		}
		if gp == nil {
			return
		}
		id = gp.id + 1
		if gp != except && (!gp.system || tracebackLevel > 1) {
			print("\n")
			printGoroutine(gp, false)
		}
	}
}

func (gp *g) statusText() string {
	switch gp.status {
	case runnable:
		return "runnable"
	case running:
		return "running"
	}
	return gp.reason.String()
}

// printGoroutine prints a goroutine's header and frames.
func printGoroutine(gp *g, current bool) {
	print("goroutine ", gp.id, " [", gp.statusText())
	if b := gp.bubble; b != nil {
		if text := gp.reason.String(); gp.status == waiting && gp.reason.durable() && text[len(text)-1] != ')' {
			print(" (durable)")
		}
	}
	if gp.locked > 0 {
		print(", locked to thread")
	}
	if gp.bubble != nil {
		print(", synctest bubble ", gp.bubble.id)
	}
	print("]:\n")
	printFrames(gp, current)
	if p, ok := placeOf(gp.startPC); ok && gp.startPC != 0 && showFunction(p.function) {
		print("created by ")
		printFunctionName(p.function)
		if gp.parent != 0 {
			print(" in goroutine ", gp.parent)
		}
		printLine(p)
	}
}

// How many frames a trace has before and behind those that are left out.
const (
	innerFrames = 50
	outerFrames = 50
)

// The last frames of the walk so far.
var outermost [outerFrames]place

// printFrames prints the calls that a goroutine is in. Of the running one those of the runtime that come first are not
// what the reader looks for.
//
// Of a deep stack the frames at both ends are printed.
func printFrames(gp *g, current bool) {
	shown := 0
	begun := !current || tracebackLevel > 1
	startWalk(gp, wholeStack)
	inner := uint32(0)
	for site := nextSite(); site != noSite; site = nextSite() {
		for p, ok := placeOfSite(site); ok; p, ok = p.calledFrom() {
			begun = begun || !isRuntimeName(lineTable().nameOf(p.function))
			elided := tracebackLevel < 2 && p.elided(inner)
			inner = p.function
			if !begun || elided || !showFunction(p.function) {
				continue
			}
			if shown < innerFrames {
				printPlace(p)
			} else {
				outermost[shown%outerFrames] = p
			}
			shown++
		}
	}
	if elided := shown - innerFrames - outerFrames; elided > 0 {
		print("...", elided, " frames elided...\n")
	}
	for i := max(innerFrames, shown-outerFrames); i < shown; i++ {
		printPlace(outermost[i%outerFrames])
	}
	if p, ok := placeOf(gp.entryPC); ok && gp.entry != nil && !p.elided(0) && showFunction(p.function) {
		// It has not begun yet.
		printPlace(p)
	}
}

func printPlace(p place) {
	printFunctionName(p.function)
	if p.outer == noSite && lineTable().function(p.function).flags&functionTakesNone != 0 {
		print("()")
	} else {
		print("(...)")
	}
	printLine(p)
}

func printLine(p place) {
	print("\n\t", lineTable().file(p.file), ":", p.line)
	if p.offset != 0 {
		print(" +", hex(p.offset))
	}
	print("\n")
}

func isRuntimeName(name string) bool {
	const prefix = "runtime."
	return len(name) > len(prefix) && name[:len(prefix)] == prefix
}

// showFunction: of the runtime only what is exported, unless GOTRACEBACK asks for more.
func showFunction(function uint32) bool {
	if tracebackLevel > 1 {
		return true
	}
	name := lineTable().nameOf(function)
	if name == "runtime.gopanic" {
		return true
	}
	if !isRuntimeName(name) {
		return bytealg.IndexByteString(name, '.') >= 0
	}
	first := name[len("runtime.")]
	return 'A' <= first && first <= 'Z'
}

func printFunctionName(function uint32) {
	name := lineTable().nameOf(function)
	if name == "runtime.gopanic" {
		name = "panic"
	}
	print(name)
}
