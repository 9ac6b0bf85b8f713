// Captured frames: what a parked goroutine consists of.
//
// When a goroutine parks, wasm.Suspend sets the suspending flag and returns; each function on the wasm stack that sees
// the flag after a call saves its live values in a frame (captureFrame), appends it to the goroutine's captured list,
// and returns. Frames lie outside the collected heap, owned by their goroutine, and are freed as soon as their function
// has been resumed and has left again. Capturing never collects: pointers that have not been saved yet are nowhere where
// a collection would look. Code generation checks that none can happen.
//
//	 0  caller      *frame       the frame of the calling function; set by the scheduler
//	 8  deferFrame  *deferFrame  the function's, if it has one
//	16  code        u32          table index of the resume function; 0: a panic's continuation (panic.go)
//	20  point       u32          where to go on; 0 is the landing pad's handler (deferreturn, load results, return)
//	24  words       u32          how many words of 4 bytes follow the header that may be addresses of objects
//	28  size        u32          of all this in bytes
//	32  site        u32          number of the call site, for traces (symtab.go)
//	40  the words, then data
//
// A resume function has the wasm type (sp i32, frame i32) -> (). It loads its values, goes on at `point`, and in the end
// leaves the Go function's results in the result area, in order, 8 bytes each (f32 and i32 in the lower half); or it suspends
// again and captures a new frame. The function of the next frame begins by taking its callee's results from there.
// Nothing that may allocate or collect lies between. Code generation makes the area; the runtime does not see it.
//
// Address-taken variables of suspendable functions lie in records on the goroutine's side stack (pushRecord,
// popRecord), which stays where it is; a frame holds the address of its function's record.

package runtime

import (
	"internal/wasm"
	"unsafe"
)

type frame struct {
	caller     *frame
	deferFrame *deferFrame
	code       uint32
	point      uint32
	words      uint32
	size       uint32
	site       uint32
}

const frameHeader = unsafe.Sizeof(frame{})

// Free frames by size: classes of 32 bytes up to 512, then powers of two.
var freeFrames [16 + 16]*frame

// frameBytes is the size of all frames in use.
var frameBytes uintptr

func frameClass(size uintptr) (class, rounded uintptr) {
	if size <= 512 {
		class = (size + 31) / 32
		return class - 1, class * 32
	}
	class, rounded = 16, 1024
	for rounded < size {
		class++
		rounded *= 2
	}
	return class, rounded
}

// captureFrame makes a frame of the given size, header included, for a function that is being suspended, with the
// header filled in.
func captureFrame(size, code, point, words, site uint32, deferFrame *deferFrame) *frame {
	class, rounded := frameClass(uintptr(size))
	f := freeFrames[class]
	if f != nil {
		freeFrames[class] = f.caller
	} else {
		f = (*frame)(metaAllocQuietly(rounded))
	}
	frameBytes += rounded
	*f = frame{deferFrame: deferFrame, code: code, point: point, words: words, size: size, site: site}
	gp := curg
	if gp.capturedLast == nil {
		gp.captured = f
	} else {
		gp.capturedLast.caller = f
	}
	gp.capturedLast = f
	return f
}

func (f *frame) free() {
	class, rounded := frameClass(uintptr(f.size))
	frameBytes -= rounded
	f.caller = freeFrames[class]
	freeFrames[class] = f
}

// freeResumed frees the frame whose function was resumed and has left.
func (gp *g) freeResumed() {
	if f := gp.resumed; f != nil {
		gp.resumed = nil
		f.free()
	}
}

// captureContinuation marks the place of a panic whose deferred call has parked.
func captureContinuation(gp *g) {
	captureFrame(uint32(frameHeader), 0, 0, 0, noSite, nil)
}

// joinCaptured puts what was captured in front of what had not been resumed.
func (gp *g) joinCaptured() {
	if gp.capturedLast == nil {
		return
	}
	gp.cutTraces()
	gp.capturedLast.caller = gp.frames
	gp.frames = gp.captured
	gp.captured, gp.capturedLast = nil, nil
}

// saved reports whether a function with this deferFrame is among the saved frames, not on the wasm stack.
func (gp *g) saved(d *deferFrame) bool {
	for f := gp.frames; f != nil; f = f.caller {
		if f.deferFrame == d {
			return true
		}
	}
	return false
}

// dropFramesAbove makes the function that owns d the next to be resumed, at its handler.
func (gp *g) dropFramesAbove(d *deferFrame) {
	for f := gp.frames; f != nil; f = gp.frames {
		if f.deferFrame == d {
			f.point = 0
			return
		}
		gp.frames = f.caller
		f.free()
	}
	throw("recovery to a function that is not there")
}

func (gp *g) dropAllFrames() {
	for _, list := range [2]**frame{&gp.frames, &gp.captured} {
		for f := *list; f != nil; {
			caller := f.caller
			f.free()
			f = caller
		}
		*list = nil
	}
	gp.capturedLast = nil
}

// Side stacks.

const sideChunkSize = 1024

type sideChunk struct {
	below *sideChunk
	size  uintptr // header included
	used  uintptr // header included
}

// freeSide are chunks of the usual size.
var freeSide *sideChunk

// pushRecord returns zeroed memory that is the goroutine's until popRecord; records are popped in reverse order.
func pushRecord(size uintptr) unsafe.Pointer {
	gp := curg
	size = (size + 7) &^ 7
	c := gp.side
	if c == nil || c.used+size > c.size {
		c = newSideChunk(size)
		c.below = gp.side
		gp.side = c
	}
	p := unsafe.Add(unsafe.Pointer(c), c.used)
	c.used += size
	wasm.Fill(p, 0, size)
	return p
}

func newSideChunk(size uintptr) *sideChunk {
	header := unsafe.Sizeof(sideChunk{})
	if size+header <= sideChunkSize {
		if c := freeSide; c != nil {
			freeSide = c.below
			return c
		}
		c := (*sideChunk)(metaAllocQuietly(sideChunkSize))
		c.size, c.used = sideChunkSize, header
		return c
	}
	// Records of this size are rare (large variables live in the heap) and have blocks of their own.
	n := (size + header + blockSize - 1) >> blockShift
	base, _ := allocBlocksQuietly(n)
	c := (*sideChunk)(unsafe.Pointer(base))
	c.size, c.used = n<<blockShift, header
	return c
}

// popRecord frees a record and all that were pushed after it.
func popRecord(p unsafe.Pointer) {
	gp := curg
	for {
		c := gp.side
		offset := uintptr(p) - uintptr(unsafe.Pointer(c))
		if offset < c.size {
			c.used = offset
			if offset == unsafe.Sizeof(sideChunk{}) && c.below != nil {
				gp.side = c.below
				c.free()
			}
			return
		}
		gp.side = c.below
		c.free()
	}
}

func (c *sideChunk) free() {
	if c.size != sideChunkSize {
		freeBlocks(uintptr(unsafe.Pointer(c)), c.size>>blockShift)
		return
	}
	c.used = unsafe.Sizeof(sideChunk{})
	c.below = freeSide
	freeSide = c
}

// markGoroutines marks what the frames and records of all goroutines point to. Those of the running goroutine are on
// the shadow stack, except the ones that it has not come back to.
func markGoroutines() {
	for gp := allgs; gp != nil; gp = gp.allLink {
		for _, list := range [2]*frame{gp.frames, gp.captured} {
			for f := list; f != nil; f = f.caller {
				from := uintptr(unsafe.Pointer(f)) + frameHeader
				bytes := uintptr(f.words) * 4
				scanWords(from, from+bytes)
				marker.rootBytes += bytes
			}
		}
		for c := gp.side; c != nil; c = c.below {
			from := uintptr(unsafe.Pointer(c))
			scanWords(from+unsafe.Sizeof(sideChunk{}), from+c.used)
			marker.rootBytes += c.used
		}
	}
}
