// On js the host tells the frames of the wasm stack: new Error().stack names for each frame the function and the offset
// of the call in the module, whichever engine it is:
//
//	at main.f (wasm://wasm/007b9dca:wasm-function[123]:0x1a2b)      V8
//	main.f@http://localhost/m.wasm:wasm-function[123]:0x1a2b        SpiderMonkey
//
// Frames of JavaScript in between have no such names. Making the text costs some microseconds, more with its length, so
// its length is limited to what is asked for.

package runtime

import (
	"internal/bytealg"
	"unsafe"
)

// jsRef is a reference to a JavaScript value, as syscall/js has it.
type jsRef uint64

// What wasm_exec.js makes at the start.
const jsGlobal jsRef = 0x7ff80001_00000005

//go:wasmimport gojs syscall/js.valueGet
func jsGet(v jsRef, name string) jsRef

//go:wasmimport gojs syscall/js.valueSet
func jsSet(v jsRef, name string, x jsRef)

//go:wasmimport gojs syscall/js.valueNew
func jsNew(v jsRef, args []jsRef) (jsRef, bool)

//go:wasmimport gojs syscall/js.valuePrepareString
func jsPrepareString(v jsRef) (text jsRef, length int)

//go:wasmimport gojs syscall/js.valueLoadString
func jsLoadString(text jsRef, b []byte)

//go:wasmimport gojs syscall/js.finalizeRef
func jsFinalize(v jsRef)

// hostWalk is a place in the text.
type hostWalk int

var hostStack struct {
	// The constructor Error.
	errorType jsRef
	buffer    []byte
	text      []byte
	first     [4096]byte
}

// Frames of the imports' adapters and of what makes the text.
const hostFrames = 8

func (w *hostWalk) start(sp uintptr, limit int) {
	s := &hostStack
	*w = 0
	s.text = nil
	if s.errorType == 0 {
		s.errorType = jsGet(jsGlobal, "Error")
		s.buffer = s.first[:]
	}
	// Numbers are references to themselves. Other engines than V8 have no limit.
	const name = "stackTraceLimit"
	before := jsGet(s.errorType, name)
	if before != 0 {
		jsSet(s.errorType, name, jsRef(float64bits(float64(limit+hostFrames))))
	}
	e, ok := jsNew(s.errorType, nil)
	if before != 0 {
		jsSet(s.errorType, name, before)
	}
	if ok {
		stack := jsGet(e, "stack")
		text, n := jsPrepareString(stack)
		if n > len(s.buffer) {
			// The former one is lost: this happens a few times at most.
			s.buffer = unsafe.Slice((*byte)(metaAlloc(uintptr(2*n))), 2*n)
		}
		s.text = s.buffer[:n]
		jsLoadString(text, s.text)
		jsFinalize(text)
		jsFinalize(stack)
	}
	jsFinalize(e)
}

func float64bits(f float64) uint64 { return *(*uint64)(unsafe.Pointer(&f)) }

// next returns the site that a frame is in, and goes on to the caller's.
func (w *hostWalk) next() uint32 {
	const mark = "wasm-function["
	for {
		rest := hostStack.text[*w:]
		at := bytealg.IndexByte(rest, '[') + 1
		if at == 0 {
			*w = hostWalk(len(hostStack.text))
			return noSite
		}
		*w += hostWalk(at)
		if at < len(mark) || unsafe.String(&rest[at-len(mark)], len(mark)) != mark {
			continue
		}
		index := w.digits(10)
		// ]:0x
		*w = min(*w+4, hostWalk(len(hostStack.text)))
		offset := w.digits(16)
		if site := lineTable().siteInCode(index, offset); site != noSite {
			return site
		}
	}
}

// digits reads a number.
func (w *hostWalk) digits(base uint32) (v uint32) {
	for ; int(*w) < len(hostStack.text); *w++ {
		digit := uint32(hostStack.text[*w]|0x20) - '0'
		if digit > 9 {
			digit -= 'a' - '0' - 10
		}
		if digit >= base {
			break
		}
		v = v*base + digit
	}
	return v
}
