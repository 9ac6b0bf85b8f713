// Functions and call sites: what traces, runtime.Callers and FuncForPC know.
//
// Code has no addresses in wasm. PCs are numbers made up here: function i has the entry i, which is its index in the
// function table if it has one, so that what reflect takes out of a func value is a PC. Call site s has the PC
// base + 2*s + 1, where base is the number of functions; CallersFrames looks up pc-1, which is the same site.
//
// The linker's table, if the module has one, is (numbers without size are LEB128, signed ones folded to 2n or -2n-1)
//
//	header, u32s    version  count of functions  groups  count of sites  files
//	                count of functions in the code  code groups  wasm index of the first of these
//	                where the code section's contents begin in the module
//	groups          u32 address, u32 number of the first site: of every 16 functions
//	files           u32 address of each name and of the end; the names
//	function        bytes shared with the name before, count of others, these   none are shared at a group's start
//	                flags  file  line of the start
//	                count of sites; if there are any: size of the frame, bytes of the sites, these
//	site            line << 2 | kind ...
//	  kind 0        the function's own, the line relative to that of the last such site or to the function's start
//	  kind 1        inlined, the line relative to the start of the function whose source it is;
//	                that function, how many sites further in front the outer one is
//	  kind 2        any; function, file, 1 + how many sites further in front the outer one is, or 0
//	code groups     u32 address, u32 offset of the first body in the contents: of every 16 functions of the code
//	code            bytes from the start of the body before, function, bytes of the calls, these
//	call            bytes from the call before, its site relative to that of the call before
//
// A site's function is the innermost one, inlined perhaps; the outer site is the one that it is inlined at. The first
// site of a function is its start. Code is there only where the host tells its stack. Only this file knows the encoding.

package runtime

import (
	"internal/wasm"
	"unsafe"
)

type tableHeader struct {
	version                       uint32
	functions, groupAt            uint32
	sites, fileAt                 uint32
	codes, codeGroupAt, firstCode uint32
	codeStart                     uint32
}

const tableVersion = 2

// groupEntry begins 16 functions: `first` is a site's number, or an offset of code.
type groupEntry struct {
	at, first uint32
}

const groupSize = 16

const (
	functionIsWrapper = 1
	functionTakesNone = 2
)

const noSite = ^uint32(0)

func lineTable() *tableHeader {
	table := (*tableHeader)(wasm.LineTable())
	if table == nil || table.version != tableVersion {
		return nil
	}
	return table
}

func wordAt(at uint32) uint32 { return *(*uint32)(unsafe.Pointer(uintptr(at))) }

func groupOf(groups, i uint32) *groupEntry {
	return (*groupEntry)(unsafe.Pointer(uintptr(groups) + uintptr(i/groupSize)*unsafe.Sizeof(groupEntry{})))
}

// tableReader is an address in the table.
type tableReader uint32

// number reads a number and returns what is behind it.
func (r tableReader) number() (uint32, tableReader) {
	var v uint64
	for shift := uint(0); ; shift += 7 {
		b := *(*byte)(unsafe.Pointer(uintptr(r)))
		r++
		v |= uint64(b&0x7f) << (shift & 63)
		if b < 0x80 {
			return uint32(v), r
		}
	}
}

// unfold makes a difference out of a number.
func unfold(v uint32) uint32 { return v>>1 ^ -(v & 1) }

// functionInfo is what the table says of a function, but for its name.
type functionInfo struct {
	index, flags, file, line uint32
	// Those of the code of this function.
	firstSite, sites, frameSize uint32
	sitesAt                     tableReader
}

// read reads the function that a group's reader is at, whose first site is f.firstSite.
func (f *functionInfo) read(r tableReader) tableReader {
	_, r = r.number()
	n, r := r.number()
	r += tableReader(n)
	f.flags, r = r.number()
	f.file, r = r.number()
	f.line, r = r.number()
	f.sites, r = r.number()
	if f.sites == 0 {
		return r
	}
	f.frameSize, r = r.number()
	n, r = r.number()
	f.sitesAt = r
	return r + tableReader(n)
}

// found is the function that was looked up last: a walk asks several times for each.
var found functionInfo

// function looks up a function by its index.
func (h *tableHeader) function(i uint32) *functionInfo {
	if f := &found; f.index == i && i != 0 {
		return f
	}
	if i == 0 || i >= h.functions {
		return nil
	}
	g := groupOf(h.groupAt, i)
	f := &found
	f.index, f.firstSite, f.sites = i&^(groupSize-1), g.first, 0
	for r := f.read(tableReader(g.at)); f.index < i; r = f.read(r) {
		f.index++
		f.firstSite += f.sites
	}
	return f
}

// codeOf looks up the function whose code has a site.
func (h *tableHeader) codeOf(site uint32) *functionInfo {
	if f := &found; site-f.firstSite < f.sites {
		return f
	}
	if site >= h.sites {
		return nil
	}
	// The last group that begins with this site or earlier.
	low, high := uint32(0), (h.functions-1)/groupSize
	for low < high {
		if middle := (low + high + 1) / 2; groupOf(h.groupAt, middle*groupSize).first <= site {
			low = middle
		} else {
			high = middle - 1
		}
	}
	g := groupOf(h.groupAt, low*groupSize)
	f := &found
	f.index, f.firstSite, f.sites = low*groupSize, g.first, 0
	for r := f.read(tableReader(g.at)); site-f.firstSite >= f.sites; r = f.read(r) {
		f.index++
		f.firstSite += f.sites
	}
	return f
}

// skipped is a function on the way to another.
var skipped functionInfo

// nameBuffer holds the name that was read last. Its end may be missing: nameOf knows.
var nameBuffer [512]byte

// readName reads a name into nameBuffer and beyond that into rest; it returns the length of the whole name.
func (h *tableHeader) readName(i uint32, rest []byte) (length int) {
	if i == 0 || i >= h.functions {
		return 0
	}
	r := tableReader(groupOf(h.groupAt, i).at)
	for at := i &^ (groupSize - 1); ; at++ {
		shared, text := r.number()
		n, text := text.number()
		length = int(shared + n)
		for j := int(shared); j < length; j++ {
			b := *(*byte)(unsafe.Pointer(uintptr(text) + uintptr(j) - uintptr(shared)))
			if j < len(nameBuffer) {
				nameBuffer[j] = b
			} else if j < len(rest) {
				rest[j] = b
			}
		}
		if at == i {
			return length
		}
		r = skipped.read(r)
	}
}

// nameOf is the name of a function, as far as there is room; it is good until the next call.
func (h *tableHeader) nameOf(i uint32) string {
	n := h.readName(i, nil)
	return unsafe.String(&nameBuffer[0], min(n, len(nameBuffer)))
}

// nameString is the name of a function.
func (h *tableHeader) nameString(i uint32) string {
	n := h.readName(i, nil)
	if n <= len(nameBuffer) {
		return string(nameBuffer[:n])
	}
	name := make([]byte, n)
	h.readName(i, name)
	copy(name, nameBuffer[:])
	return unsafe.String(&name[0], n)
}

func (h *tableHeader) file(i uint32) string {
	at := h.fileAt + 4*i
	start := wordAt(at)
	return unsafe.String((*byte)(unsafe.Pointer(uintptr(start))), wordAt(at+4)-start)
}

// siteInCode is the site of a call, by the wasm index of the function and the offset in the module; noSite if there is
// none.
func (h *tableHeader) siteInCode(index, offset uint32) uint32 {
	i := index - h.firstCode
	if i >= h.codes {
		return noSite
	}
	g := groupOf(h.codeGroupAt, i)
	r := tableReader(g.at)
	start := h.codeStart + g.first
	var n, function, size uint32
	for at := i &^ (groupSize - 1); ; at++ {
		n, r = r.number()
		start += n
		function, r = r.number()
		size, r = r.number()
		if at == i {
			break
		}
		r += tableReader(size)
	}
	f := h.function(function)
	if f == nil {
		return noSite
	}
	// Hosts tell where the call begins, or where it ends.
	site, last := noSite, uint32(0)
	for end := r + tableReader(size); r < end; {
		n, r = r.number()
		if start += n; start > offset {
			break
		}
		n, r = r.number()
		last += unfold(n)
		site = f.firstSite + last
	}
	return site
}

// place is one line of a trace.
type place struct {
	// Whose source it is.
	function uint32
	file     uint32
	line     uint32
	// The site that it is inlined at, or noSite.
	outer uint32
	// Distance from the function's entry, which means nothing, but is printed.
	offset uint32
}

func sitePC(site uint32) uintptr {
	h := lineTable()
	if h == nil || site == noSite {
		return 0
	}
	return uintptr(h.functions) + 2*uintptr(site) + 1
}

// siteOf is the call site of a PC, or noSite.
func (h *tableHeader) siteOf(pc uintptr) uint32 {
	if pc < uintptr(h.functions) || (pc-uintptr(h.functions))/2 >= uintptr(h.sites) {
		return noSite
	}
	return uint32((pc - uintptr(h.functions)) / 2)
}

// placeOf describes a PC: of a site its innermost function, of an entry the function's first line.
func placeOf(pc uintptr) (p place, ok bool) {
	h := lineTable()
	if h == nil {
		return place{}, false
	}
	if site := h.siteOf(pc); site != noSite {
		return placeOfSite(site)
	}
	if pc >= uintptr(h.functions) {
		return place{}, false
	}
	f := h.function(uint32(pc))
	if f == nil {
		return place{}, false
	}
	return place{f.index, f.file, f.line, noSite, 0}, true
}

func placeOfSite(site uint32) (p place, ok bool) {
	h := lineTable()
	if h == nil {
		return place{}, false
	}
	f := h.codeOf(site)
	if f == nil {
		return place{}, false
	}
	wanted := site - f.firstSite
	r, line := f.sitesAt, f.line
	for i := uint32(0); ; i++ {
		var tag, function, file, distance uint32
		tag, r = r.number()
		switch tag & 3 {
		case 0:
			line += unfold(tag >> 2)
			if i == wanted {
				return place{f.index, f.file, line, noSite, 2*i + 1}, true
			}
		case 1:
			function, r = r.number()
			distance, r = r.number()
			if i == wanted {
				source := h.function(function)
				return place{function, source.file, source.line + unfold(tag>>2), site - distance, 0}, true
			}
		default:
			function, r = r.number()
			file, r = r.number()
			distance, r = r.number()
			if i == wanted {
				p = place{function, file, tag >> 2, noSite, 2*i + 1}
				if distance != 0 {
					p.outer = site - (distance - 1)
				}
				return p, true
			}
		}
	}
}

// calledFrom is the place that an inlined function is inlined at.
func (p place) calledFrom() (outer place, ok bool) {
	if p.outer == noSite {
		return place{}, false
	}
	return placeOfSite(p.outer)
}

// A Func represents a Go function in the running binary.
type Func struct {
	opaque struct{} // its address is that of the linker's table plus the function's index
}

func publicFunc(i uint32) *Func {
	return (*Func)(unsafe.Add(wasm.LineTable(), i))
}

func (f *Func) index() uint32 {
	return uint32(uintptr(unsafe.Pointer(f)) - uintptr(wasm.LineTable()))
}

// FuncForPC returns the function that contains a PC, or nil. Of inlined functions it is the innermost one.
func FuncForPC(pc uintptr) *Func {
	p, ok := placeOf(pc)
	if !ok {
		return nil
	}
	return publicFunc(p.function)
}

// Name returns the name of the function.
func (f *Func) Name() string {
	if f == nil {
		return ""
	}
	return lineTable().nameString(f.index())
}

// Entry returns the entry PC of the function.
func (f *Func) Entry() uintptr { return uintptr(f.index()) }

// FileLine returns the file name and line of a PC in the function.
func (f *Func) FileLine(pc uintptr) (file string, line int) {
	p, ok := placeOf(pc)
	if !ok {
		p, _ = placeOf(f.Entry())
	}
	return lineTable().file(p.file), int(p.line)
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

// Frames translates PCs to Frames.
type Frames struct {
	callers []uintptr
}

// CallersFrames prepares to translate PCs that Callers returned.
func CallersFrames(callers []uintptr) *Frames { return &Frames{callers: callers} }

// Next returns the next call frame and whether there are more.
func (ci *Frames) Next() (frame Frame, more bool) {
	for len(ci.callers) != 0 {
		pc := ci.callers[0]
		ci.callers = ci.callers[1:]
		p, ok := placeOf(pc)
		if ok {
			h := lineTable()
			frame = Frame{
				PC: pc - 1, Function: h.nameString(p.function), File: h.file(p.file), Line: int(p.line),
				startLine: int(h.function(p.function).line), Entry: uintptr(p.function),
			}
			if p.outer == noSite {
				frame.Func = publicFunc(p.function)
			}
			return frame, len(ci.callers) != 0
		}
		if pc != 0 && lineTable() == nil {
			// Nothing is known, but there is a frame.
			return Frame{PC: pc - 1}, len(ci.callers) != 0
		}
	}
	return Frame{}, false
}

//go:linkname runtime_FrameStartLine runtime/pprof.runtime_FrameStartLine
func runtime_FrameStartLine(f *Frame) int { return f.startLine }

//go:linkname runtime_FrameSymbolName runtime/pprof.runtime_FrameSymbolName
func runtime_FrameSymbolName(f *Frame) string { return f.Function }

//go:linkname runtime_expandFinalInlineFrame runtime/pprof.runtime_expandFinalInlineFrame
func runtime_expandFinalInlineFrame(stk []uintptr) []uintptr { return stk }
