// Allocation: cut the next object off a range of free slots.
//
// Each class has a cursor, the range of neighbouring free slots that it allocates from. A range of slots with pointers
// is zeroed as a whole when it is taken; one without pointers is not, and each object is zeroed if its owner asks. When
// a range is used up the next one comes from the same run, from a run that is swept now, or from a new run; that is
// also when a collection may begin.

package runtime

import (
	"internal/abi"
	"internal/runtime/gc"
	"internal/runtime/math"
	"internal/wasm"
	"unsafe"
)

const (
	// As the SDK has it for wasm: 32 bits of heap addresses.
	maxAlloc = 1 << 32
)

type cursor struct {
	free, limit uintptr
	// Address of the layout word of the slot at free, or 0.
	layout uintptr
	size   uintptr
	// Objects must be zeroed one by one.
	dirty bool
	run   *run
}

var cursors [classCount]cursor

// zerobase is what all pointers to zero-sized objects point to.
var zerobase uintptr

// counts go by slots handed out, which overstates `mallocs` by what cursors still hold.
var counts struct {
	mallocs, frees     [classCount]uint64
	largeAllocated     uint64
	largeFreed         uint64
	numGC, numForced   uint32
	pauseTotal, lastGC uint64
	pauses, pauseEnds  [256]uint64
}

func initMalloc() {
	for class := range cursors {
		cursors[class].size = uintptr(gc.SizeClassToSize[class>>1])
	}
}

func sizeClass(size uintptr) uint8 {
	if size <= gc.SmallSizeMax-8 {
		return gc.SizeToSizeClass8[(size+gc.SmallSizeDiv-1)/gc.SmallSizeDiv]
	}
	return gc.SizeToSizeClass128[(size-gc.SmallSizeMax+gc.LargeSizeDiv-1)/gc.LargeSizeDiv]
}

// mallocgc allocates an object of the given size. typ describes its pointers (repeated, if size is several times the
// type's) and may be nil if there are none. Memory with pointers is always zeroed.
//
//go:linkname mallocgc
func mallocgc(size uintptr, typ *abi.Type, needzero bool) unsafe.Pointer {
	if size == 0 {
		return unsafe.Pointer(&zerobase)
	}
	noPointers := typ == nil || typ.PtrBytes == 0
	if size > gc.MaxSmallSize {
		if noPointers {
			typ = nil
		}
		return mallocLarge(size, typ, needzero)
	}
	c := &cursors[classOf(sizeClass(size), noPointers)]
	p := c.free
	if p == c.limit {
		c.refill()
		p = c.free
	}
	c.free = p + c.size
	if noPointers {
		if needzero && c.dirty {
			wasm.Fill(unsafe.Pointer(p), 0, size)
		}
	} else if c.layout != 0 {
		*(*uint32)(unsafe.Pointer(c.layout)) = uint32(uintptr(unsafe.Pointer(typ)))
		c.layout += 4
	}
	return unsafe.Pointer(p)
}

// refill gives the cursor a new range.
func (c *cursor) refill() {
	if heapLive >= heapGoal && !collecting {
		// This empties all cursors.
		collect(false, wasm.StackPointer())
	}
	class := classIdx((uintptr(unsafe.Pointer(c)) - uintptr(unsafe.Pointer(&cursors))) / unsafe.Sizeof(cursor{}))
	r := c.run
	first, end := uint32(0), uint32(0)
	for {
		if r != nil {
			if first, end = r.freeRange(); first != end {
				break
			}
		}
		if r = roomyRun(class); r == nil {
			r = newRun(class)
		}
	}
	n := end - first
	r.used += n
	counts.mallocs[class] += uint64(n)
	bytes := uintptr(n) * r.size
	heapLive += bytes
	c.run = r
	c.free = r.slotBase(first)
	c.limit = c.free + bytes
	c.dirty = !r.zero
	c.layout = 0
	if r.layouts != nil {
		c.layout = uintptr(r.layouts) + uintptr(first)*4
	}
	if r.hasPointers && c.dirty {
		wasm.Fill(unsafe.Pointer(c.free), 0, bytes)
	}
}

// retire gives back what is left of the ranges, so that every slot is either counted as used or free.
func retireCursors() {
	for class := range cursors {
		c := &cursors[class]
		if c.run == nil {
			continue
		}
		left := (c.limit - c.free) / c.size
		c.run.used -= uint32(left)
		counts.mallocs[class] -= uint64(left)
		heapLive -= c.limit - c.free
		c.free, c.limit, c.run = 0, 0, nil
	}
}

func mallocLarge(size uintptr, typ *abi.Type, needzero bool) unsafe.Pointer {
	if size > maxAlloc {
		outOfMemory(size)
	}
	rounded := (size + blockSize - 1) &^ (blockSize - 1)
	if heapLive+rounded >= heapGoal && !collecting {
		collect(false, wasm.StackPointer())
	}
	r := newLargeRun(size, typ)
	counts.mallocs[r.class]++
	counts.largeAllocated += uint64(r.size)
	heapLive += r.size
	if (needzero || typ != nil) && !r.zero {
		wasm.Fill(unsafe.Pointer(r.base), 0, r.size)
	}
	return unsafe.Pointer(r.base)
}

//go:linkname newobject
func newobject(typ *abi.Type) unsafe.Pointer {
	return mallocgc(typ.Size_, typ, true)
}

//go:linkname newarray
func newarray(typ *abi.Type, n int) unsafe.Pointer {
	if n == 1 {
		return mallocgc(typ.Size_, typ, true)
	}
	mem, overflow := math.MulUintptr(typ.Size_, uintptr(n))
	if overflow || mem > maxAlloc || n < 0 {
		panic(plainError("runtime: allocation size out of range"))
	}
	return mallocgc(mem, typ, true)
}

//go:linkname maps_newobject internal/runtime/maps.newobject
func maps_newobject(typ *abi.Type) unsafe.Pointer { return newobject(typ) }

//go:linkname maps_newarray internal/runtime/maps.newarray
func maps_newarray(typ *abi.Type, n int) unsafe.Pointer { return newarray(typ, n) }

//go:linkname reflect_unsafe_New reflect.unsafe_New
func reflect_unsafe_New(typ *abi.Type) unsafe.Pointer { return newobject(typ) }

//go:linkname reflectlite_unsafe_New internal/reflectlite.unsafe_New
func reflectlite_unsafe_New(typ *abi.Type) unsafe.Pointer { return newobject(typ) }

//go:linkname reflect_unsafe_NewArray reflect.unsafe_NewArray
func reflect_unsafe_NewArray(typ *abi.Type, n int) unsafe.Pointer { return newarray(typ, n) }

// roundupsize is the size that a slice's memory gets to have when it must hold size bytes. It is the SDK's, whose
// objects above 512 bytes with pointers lose a word of their slot, so that cap() gives the same numbers.
func roundupsize(size uintptr, noPointers bool) uintptr {
	header := uintptr(0)
	if !noPointers && size > gc.MinSizeForMallocHeader {
		header = gc.MallocHeaderSize
	}
	if size <= gc.MaxSmallSize-gc.MallocHeaderSize {
		return uintptr(gc.SizeClassToSize[sizeClass(size+header)]) - header
	}
	if size+gc.PageSize-1 < size {
		return size
	}
	return (size + gc.PageSize - 1) &^ (gc.PageSize - 1)
}
