// Functions and call sites: what traces, runtime.Callers and FuncForPC know.
//
// Code has no addresses in wasm. PCs are numbers made up by the compiler: function i has the entry 2*i (i is its index
// in the function table if it has one), and call site s is base + 2*s + 1. CallersFrames looks up pc-1, which is the
// same site.
//
// The linker's table, if the module has one, is
//
//	u32 version (1)   u32 base
//	u32 count, u32 address of functions: {u32 name, nameLen, file, startLine, flags}
//	u32 count, u32 address of sites:     {u32 function, file, line, outer, frameSize}
//	u32 count, u32 address of files:     {u32 name, nameLen}
//
// A site's function is the innermost one, inlined perhaps; outer is 1 + the site that it is inlined at, or 0. frameSize
// is that of the shadow frame of the function that the code is in. Only this file knows the encoding.

package runtime

import (
	"internal/wasm"
	"unsafe"
)

type tableHeader struct {
	version, base         uint32
	functions, functionAt uint32
	sites, siteAt         uint32
	files, fileAt         uint32
}

type functionEntry struct {
	name, nameLen, file, startLine, flags uint32
}

const functionIsWrapper = 1

type siteEntry struct {
	function, file, line, outer, frameSize uint32
}

type fileEntry struct {
	name, nameLen uint32
}

const noSite = ^uint32(0)

func lineTable() *tableHeader {
	table := (*tableHeader)(wasm.LineTable())
	if table == nil || table.version != 1 {
		return nil
	}
	return table
}

func (h *tableHeader) function(i uint32) *functionEntry {
	if i >= h.functions {
		return nil
	}
	return (*functionEntry)(unsafe.Pointer(uintptr(h.functionAt) + uintptr(i)*unsafe.Sizeof(functionEntry{})))
}

func (h *tableHeader) site(i uint32) *siteEntry {
	if i >= h.sites {
		return nil
	}
	return (*siteEntry)(unsafe.Pointer(uintptr(h.siteAt) + uintptr(i)*unsafe.Sizeof(siteEntry{})))
}

func (h *tableHeader) file(i uint32) string {
	if i >= h.files {
		return ""
	}
	f := (*fileEntry)(unsafe.Pointer(uintptr(h.fileAt) + uintptr(i)*unsafe.Sizeof(fileEntry{})))
	return staticString(f.name, f.nameLen)
}

func staticString(address, length uint32) string {
	return unsafe.String((*byte)(unsafe.Pointer(uintptr(address))), length)
}

// place is one line of a trace.
type place struct {
	function *functionEntry
	entry    uintptr
	file     string
	line     int
	// Not the outermost function of its code.
	inlined bool
	outer   uint32
}

func sitePC(site uint32) uintptr {
	h := lineTable()
	if h == nil || site == noSite {
		return 0
	}
	return uintptr(h.base) + 2*uintptr(site) + 1
}

// siteOf is the call site of a PC, or noSite.
func siteOf(pc uintptr) uint32 {
	h := lineTable()
	if h == nil || pc < uintptr(h.base) || (pc-uintptr(h.base))/2 >= uintptr(h.sites) {
		return noSite
	}
	return uint32((pc - uintptr(h.base)) / 2)
}

// placeOf describes a PC: of a site its innermost function, of an entry the function's first line.
func placeOf(pc uintptr) (p place, ok bool) {
	h := lineTable()
	if h == nil {
		return place{}, false
	}
	if site := siteOf(pc); site != noSite {
		return placeOfSite(site)
	}
	f := h.function(uint32(pc / 2))
	if f == nil || pc >= uintptr(h.base) {
		return place{}, false
	}
	return place{function: f, entry: pc &^ 1, file: h.file(f.file), line: int(f.startLine)}, true
}

func placeOfSite(site uint32) (p place, ok bool) {
	h := lineTable()
	if h == nil {
		return place{}, false
	}
	s := h.site(site)
	if s == nil {
		return place{}, false
	}
	f := h.function(s.function)
	if f == nil {
		return place{}, false
	}
	return place{f, 2 * uintptr(s.function), h.file(s.file), int(s.line), s.outer != 0, s.outer}, true
}

// calledFrom is the place that an inlined function is inlined at.
func (p *place) calledFrom() (outer place, ok bool) {
	if p.outer == 0 {
		return place{}, false
	}
	return placeOfSite(p.outer - 1)
}

func (f *functionEntry) text() string { return staticString(f.name, f.nameLen) }

func (f *functionEntry) index() uintptr {
	return (uintptr(unsafe.Pointer(f)) - uintptr(lineTable().functionAt)) / unsafe.Sizeof(functionEntry{})
}

// A Func represents a Go function in the running binary.
type Func struct {
	opaque struct{} // an entry of the linker's table lies here
}

func (f *functionEntry) public() *Func { return (*Func)(unsafe.Pointer(f)) }
func (f *Func) entry() *functionEntry  { return (*functionEntry)(unsafe.Pointer(f)) }

// FuncForPC returns the function that contains a PC, or nil. Of inlined functions it is the innermost one.
func FuncForPC(pc uintptr) *Func {
	p, ok := placeOf(pc)
	if !ok {
		return nil
	}
	return p.function.public()
}

// Name returns the name of the function.
func (f *Func) Name() string {
	if f == nil {
		return ""
	}
	return f.entry().text()
}

// Entry returns the entry PC of the function.
func (f *Func) Entry() uintptr { return 2 * f.entry().index() }

// FileLine returns the file name and line of a PC in the function.
func (f *Func) FileLine(pc uintptr) (file string, line int) {
	p, ok := placeOf(pc)
	if !ok || pc&^1 == f.Entry() {
		e := f.entry()
		return lineTable().file(e.file), int(e.startLine)
	}
	return p.file, p.line
}

// Frame is the information returned by Frames for each call frame.
type Frame struct {
	// PC is that of the call, or of the location of a panic.
	PC uintptr
	// Func is nil for functions that are inlined.
	Func *Func
	// Function is the package path-qualified name.
	Function string
	File     string
	Line     int

	startLine int

	// Entry is the entry PC of the function.
	Entry uintptr
}

// Frames translates PCs to Frames, inlined functions included.
type Frames struct {
	callers []uintptr
	// What the PC before is inlined at.
	pending    place
	hasPending bool
	pc         uintptr
}

// CallersFrames prepares to translate PCs that Callers returned.
func CallersFrames(callers []uintptr) *Frames { return &Frames{callers: callers} }

// Next returns the next call frame and whether there are more.
func (ci *Frames) Next() (frame Frame, more bool) {
	for !ci.hasPending {
		if len(ci.callers) == 0 {
			return Frame{}, false
		}
		ci.pc, ci.callers = ci.callers[0], ci.callers[1:]
		ci.pending, ci.hasPending = placeOf(ci.pc)
		if !ci.hasPending && ci.pc != 0 && lineTable() == nil {
			// Nothing is known, but there is a frame.
			return Frame{PC: ci.pc - 1}, len(ci.callers) != 0
		}
	}
	p := ci.pending
	frame = Frame{
		PC: ci.pc - 1, Function: p.function.text(), File: p.file, Line: p.line,
		startLine: int(p.function.startLine), Entry: p.entry,
	}
	if !p.inlined {
		frame.Func = p.function.public()
	}
	ci.pending, ci.hasPending = p.calledFrom()
	return frame, ci.hasPending || len(ci.callers) != 0
}

//go:linkname runtime_FrameStartLine runtime/pprof.runtime_FrameStartLine
func runtime_FrameStartLine(f *Frame) int { return f.startLine }

//go:linkname runtime_FrameSymbolName runtime/pprof.runtime_FrameSymbolName
func runtime_FrameSymbolName(f *Frame) string { return f.Function }

//go:linkname runtime_expandFinalInlineFrame runtime/pprof.runtime_expandFinalInlineFrame
func runtime_expandFinalInlineFrame(stk []uintptr) []uintptr { return stk }
