// The collector: stop, mark from the roots, sweep later. Objects do not move.
//
// A collection begins when allocation finds the heap at its goal (GOGC and the memory limit set it) or when the program
// asks. Nothing else runs meanwhile.
//
//	1. sweep what the last one left, empty the cursors, clear all marks
//	2. mark (gc_mark.go): static data, the shadow stack, parked goroutines, what finalizers need
//	3. weak pointers of dead objects become nil, their finalizers and cleanups are queued (specials.go)
//	4. large objects that died are freed at once; all other runs are swept when allocation comes to them

package runtime

import (
	"internal/wasm"
	"unsafe"
)

const minimumHeap = 4 << 20

var (
	// Bytes in objects: those the last collection reached, and all allocated since.
	heapLive uintptr
	// The collection begins when heapLive gets there.
	heapGoal uintptr = minimumHeap
	// What the last collection reached.
	heapMarked uintptr

	collecting  bool
	gcPercent   int32 = 100
	memoryLimit int64 = 1<<63 - 1

	poolCleanups []func()
)

// collect must not be called where pointers are kept in places that it does not look into. sp is the caller's stack
// pointer: what lies below it are the frames of the collector, where words that nobody has written yet would only keep
// garbage alive.
//
//go:noinline
func collect(forced bool, sp uintptr) {
	if collecting {
		throw("collection within a collection")
	}
	collecting = true
	began := nanotime()
	for _, cleanup := range poolCleanups {
		cleanup()
	}
	retireCursors()
	sweepAll()
	unsweepAll()
	marker.reached = 0
	markRoots(sp)
	finishSpecials()
	sweepLarge()
	dismissMarkStack()
	heapMarked = marker.reached
	heapLive = heapMarked
	setGoal()
	now := nanotime()
	pause := uint64(now - began)
	counts.pauses[counts.numGC%256] = pause
	counts.pauseEnds[counts.numGC%256] = uint64(walltimeNano())
	counts.lastGC = uint64(walltimeNano())
	counts.pauseTotal += pause
	counts.numGC++
	if forced {
		counts.numForced++
	}
	collecting = false
	startFinalizers()
}

// lastResort collects because memory cannot grow any more. It reports whether that was possible.
func lastResort() bool {
	if gcPercent < 0 && memoryLimit == 1<<63-1 {
		return false
	}
	collect(false, wasm.StackPointer())
	sweepAll()
	return true
}

// unsweepAll clears the marks of all runs and moves them to the lists of unswept ones.
func unsweepAll() {
	for class := classIdx(0); class < classCount; class++ {
		for _, list := range [2]**run{&runs.swept[class], &runs.roomy[class]} {
			for r := *list; r != nil; {
				next := r.link
				wasm.Fill(r.marks, 0, r.markBytes())
				r.link = runs.unswept[class]
				runs.unswept[class] = r
				runs.unsweptCount++
				r = next
			}
			*list = nil
		}
	}
}

// sweepLarge sweeps class 0, whose runs hold both kinds of large objects.
func sweepLarge() {
	for r := runs.unswept[0]; r != nil; r = runs.unswept[0] {
		runs.unswept[0] = r.link
		runs.unsweptCount--
		r.sweep()
	}
}

// setGoal follows the documented rule: the live heap and the roots may grow by GOGC percent, to 4 MiB times GOGC/100 at
// least, and the memory limit, if there is one, covers the bookkeeping too.
func setGoal() {
	goal := ^uintptr(0)
	if gcPercent >= 0 {
		percent := uintptr(gcPercent)
		grown := heapMarked + (heapMarked+marker.rootBytes)*percent/100
		goal = max(grown, minimumHeap*percent/100)
	}
	if memoryLimit != 1<<63-1 {
		other := blocks.meta + marker.rootBytes
		limit := uintptr(0)
		if uintptr(memoryLimit) > other {
			limit = uintptr(memoryLimit) - other
		}
		// A limit that the live heap exceeds must not make every allocation collect.
		goal = min(goal, max(limit, heapMarked+heapMarked/16+minimumHeap/16))
	}
	heapGoal = goal
}

// GC runs a garbage collection and blocks until it is complete, sweeping included. Code generation knows it by name: its
// callers let go of what they no longer need before.
//
//go:noinline
func GC() {
	collect(true, wasm.StackPointer())
	sweepAll()
	// Finalizers and cleanups have a goroutine of their own; programs that wait for them call GC in a loop.
	Gosched()
}

//go:linkname runtime_debug_freeOSMemory runtime/debug.freeOSMemory
func runtime_debug_freeOSMemory() {
	GC()
}

//go:linkname sync_runtime_registerPoolCleanup sync.runtime_registerPoolCleanup
func sync_runtime_registerPoolCleanup(cleanup func()) {
	poolCleanups = append(poolCleanups, cleanup)
}

// boring_registerCache: the pointer at a cache's head is cleared at each collection.
//
//go:linkname boring_registerCache crypto/internal/boring/bcache.registerCache
func boring_registerCache(cache unsafe.Pointer) {
	poolCleanups = append(poolCleanups, func() { *(*unsafe.Pointer)(cache) = nil })
}

//go:linkname setGCPercent runtime/debug.setGCPercent
func setGCPercent(percent int32) (former int32) {
	former = gcPercent
	gcPercent = max(percent, -1)
	setGoal()
	if heapLive >= heapGoal {
		collect(true, wasm.StackPointer())
	}
	return former
}

//go:linkname setMemoryLimit runtime/debug.setMemoryLimit
func setMemoryLimit(limit int64) (former int64) {
	former = memoryLimit
	if limit >= 0 {
		memoryLimit = limit
		setGoal()
	}
	return former
}

// readGOGC takes GOGC and GOMEMLIMIT from the environment.
func readGOGC() {
	switch value := gogetenv("GOGC"); {
	case value == "off":
		gcPercent = -1
	case value != "":
		if n, ok := parseInt(value); ok && n >= 0 && n < 1<<31 {
			gcPercent = int32(n)
		}
	}
	if value := gogetenv("GOMEMLIMIT"); value != "" && value != "off" {
		n, ok := parseByteCount(value)
		if !ok {
			print("GOMEMLIMIT=", value, "\n")
			throw("malformed GOMEMLIMIT; see `go doc runtime/debug.SetMemoryLimit`")
		}
		memoryLimit = n
	}
	setGoal()
}
