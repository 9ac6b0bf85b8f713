// Package wasm declares what Go code cannot say about the machine and the module it ends up in. The functions in this
// file have no bodies: lowering turns each into opcodes or into facts about the module. Only overlay packages may import
// it.
package wasm

import "unsafe"

// Memory.

// MemorySize is the size of linear memory in pages of 64 KiB.
func MemorySize() int32

// MemoryGrow adds pages and returns the former size, or -1.
func MemoryGrow(pages int32) int32

// Copy is memory.copy: the ranges may overlap.
func Copy(dst, src unsafe.Pointer, n uintptr)

// Fill is memory.fill.
func Fill(dst unsafe.Pointer, b uint8, n uintptr)

// HeapStart is the first byte behind static data and the shadow stack.
func HeapStart() uintptr

// Roots is the table of mutable static data that holds pointers: u32 count, then per entry u32 address, u32 words,
// u32 address of a bitmap of 8-byte words.
func Roots() unsafe.Pointer

// StackPointer is the shadow stack pointer of the function this is written in. The stack grows down.
func StackPointer() uintptr

// StackTop is where the outermost frame of the shadow stack began.
func StackTop() uintptr

// StackLimit is the lowest address of the shadow stack.
func StackLimit() uintptr

// Functions and panics.

// Ident is the identity of the function this is written in.
func Ident() uint32

// IdentOf is the identity of the function that a func value calls.
func IdentOf(fn func()) uint32

// ThrowRecovered unwinds to the function that owns the defer frame and does not return.
func ThrowRecovered(frame unsafe.Pointer)

// Trap is unreachable.
func Trap()

// FuncCode is the code word of a func value (a table index).
func FuncCode(fn unsafe.Pointer) uint32

// NeedFrameCalls does nothing, but in a program that can reach it all func types have FrameWords with Call.
func NeedFrameCalls()

// NeedFrameStubs is the same for FrameWords with Stub.
func NeedFrameStubs()

// Suspension.

// Goroutines reports, as a constant, whether the module may have more than one goroutine.
func Goroutines() bool

// CanSuspend reports, as a constant, whether functions of this module have resume forms. Without them a parked
// goroutine stays on the wasm stack and others run on top of it.
func CanSuspend() bool

// Suspend parks the goroutine: its frames are captured while the wasm stack unwinds, and it returns when the frame
// that is written here is resumed.
func Suspend()

// Suspending reports whether the stack is being unwound by Suspend; a function that has been called by Call or Resume
// may have left that way.
func Suspending() bool

// EndSuspend clears what Suspending reports.
func EndSuspend()

// Call calls fn where the caller itself is not captured if fn suspends. It reports whether fn did.
func Call(fn func()) (suspended bool)

// Resume calls the resume function of a captured frame.
func Resume(code uint32, frame unsafe.Pointer)

// The module's tables.

// LineTable is nil if the module has none. symtab.go of the runtime describes it.
func LineTable() unsafe.Pointer

// CallerSite is the number of the call site that the function this is written in was called from, or ^0. The function
// must not be inlined.
func CallerSite() uint32

// TypeLinks is the table of descriptors that reflect may look up by string: u32 count, then u32 addresses, ordered by
// the types' strings.
func TypeLinks() unsafe.Pointer

// Itabs is the table of the compiler's itabs: u32 count, then u32 addresses.
func Itabs() unsafe.Pointer
