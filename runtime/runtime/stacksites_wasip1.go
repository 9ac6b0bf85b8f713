// On wasip1 nobody tells the frames of the wasm stack. Functions that call others store a word at the head of their
// shadow frame that names the call site, and the site's function has the frame's size, so that the shadow stack can be
// walked.

package runtime

import (
	"internal/wasm"
	"unsafe"
)

// hostWalk is the address of a frame.
type hostWalk uintptr

// The word is the site's number and how large the frame is.
const (
	wholeFrame     = 0 // as the line table has it
	smallFrame     = 1 // of a failed check
	smallFrameSize = 8
)

func (w *hostWalk) start(sp uintptr, limit int) { *w = hostWalk(sp) }

// next returns the site that a frame is in, and goes on to the caller's.
func (w *hostWalk) next() uint32 {
	if uintptr(*w) >= wasm.StackTop() {
		return noSite
	}
	word := *(*uint32)(unsafe.Pointer(uintptr(*w)))
	site := word >> 2
	f := lineTable().codeOf(site)
	switch {
	case f == nil || f.frameSize == 0 && word&3 == wholeFrame:
		*w = hostWalk(wasm.StackTop())
		return noSite
	case word&3 == smallFrame:
		*w += smallFrameSize
	default:
		*w += hostWalk(f.frameSize)
	}
	return site
}
