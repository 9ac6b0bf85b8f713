// On wasip1 nobody tells the frames of the wasm stack. Functions that call others store the number of the call site at
// the head of their shadow frame, and the site tells the frame's size, so that the shadow stack can be walked.

package runtime

import (
	"internal/wasm"
	"unsafe"
)

// traceCheap: finding a few callers costs little enough to do it for each go statement.
const traceCheap = true

// stackSites calls each with the sites of the frames on the wasm stack, beginning with its caller's caller, and reports
// whether it came to the end.
func stackSites(each func(site uint32) bool) bool {
	h := lineTable()
	if h == nil {
		return true
	}
	skip := 2 // stackSites and g.sites
	for sp, top := wasm.StackPointer(), wasm.StackTop(); sp < top; {
		site := *(*uint32)(unsafe.Pointer(sp))
		s := h.site(site)
		if s == nil || s.frameSize == 0 {
			break
		}
		if skip > 0 {
			skip--
		} else if !each(site) {
			return false
		}
		sp += uintptr(s.frameSize)
	}
	return true
}
