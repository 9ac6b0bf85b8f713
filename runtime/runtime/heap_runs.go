// Runs: one or more blocks cut into slots of one size.
//
// A run holds objects of one of the SDK's size classes, either all with pointers or all without, or a single large
// object. Its header lies elsewhere, followed by
//
//	marks    one bit per slot: reached by the last collection
//	layouts  one u32 per slot, only if slots hold pointers and are larger than a word: the descriptor (*abi.Type) of
//	         what the slot holds; the type repeats up to the slot's end (arrays). 0: free, or nothing to scan.
//
// Between collections a run is first unswept (marks are news, layouts of dead objects still stand), then swept: a slot
// without a mark that lies at or behind `next` is free. Allocation takes *ranges* of neighbouring free slots and cuts
// objects off them one after the other (malloc.go); slots that were handed out since the sweep have no mark until the
// next collection.

package runtime

import (
	"internal/abi"
	"internal/runtime/gc"
	"internal/runtime/sys"
	"internal/wasm"
	"unsafe"
)

type run struct {
	base     uintptr
	size     uintptr // of a slot
	link     *run
	marks    unsafe.Pointer
	layouts  unsafe.Pointer // nil: see hasPointers
	blocks   uintptr
	slots    uint32
	divMagic uint32 // slot = offset * divMagic >> 32; 0 for a single slot
	// Slots below it have been offered to allocation since the sweep.
	next uint32
	// Slots that hold objects as far as counting goes.
	used  uint32
	class classIdx
	// What the slots' memory holds where no object is.
	zero bool
	// Large objects: whether there are pointers, whatever `layouts` says.
	hasPointers bool
}

// classIdx is a size class, doubled, plus 1 if slots have no pointers. Class 0 is for large objects.
type classIdx uint8

const (
	classCount = gc.NumSizeClasses * 2
	wordClass  = 1 // slots of 8 bytes: with pointers, every slot is one pointer
)

func classOf(sizeClass uint8, noPointers bool) classIdx {
	if noPointers {
		return classIdx(sizeClass)<<1 | 1
	}
	return classIdx(sizeClass) << 1
}

// Runs by class. Each run is in exactly one list.
var runs struct {
	unswept [classCount]*run
	// Swept, and nothing was allocated in them since.
	roomy [classCount]*run
	// Full, or in use by a cursor, or nearly so.
	swept [classCount]*run
	// Headers without a run.
	headers [classCount]*run
	// Runs of all kinds, unswept ones among them.
	count, unsweptCount int
	// The same in bytes of blocks.
	inUse uintptr
}

func unsweptRuns() bool { return runs.unsweptCount != 0 }

// heapInUse is the size of all runs.
func heapInUse() uintptr { return runs.inUse }

// findRun returns the run that an address lies in, or nil.
func findRun(address uintptr) *run {
	i := (address - blocks.start) >> blockShift
	if i >= blocks.tableLen {
		return nil
	}
	entry := *blockEntry(i)
	if entry == 0 || entry&1 != 0 {
		return nil
	}
	return (*run)(unsafe.Pointer(uintptr(entry)))
}

// slotOf may return a number beyond the last slot: the run's end need not be a multiple of the size.
func (r *run) slotOf(address uintptr) uint32 {
	return uint32(uint64(address-r.base) * uint64(r.divMagic) >> 32)
}

func (r *run) slotBase(slot uint32) uintptr {
	return r.base + uintptr(slot)*r.size
}

func (r *run) marked(slot uint32) bool {
	return *(*uint32)(unsafe.Add(r.marks, slot>>5<<2))>>(slot&31)&1 != 0
}

// mark sets the slot's mark and reports whether it was unset.
func (r *run) mark(slot uint32) bool {
	word := (*uint32)(unsafe.Add(r.marks, slot>>5<<2))
	bit := uint32(1) << (slot & 31)
	if *word&bit != 0 {
		return false
	}
	*word |= bit
	return true
}

// layout returns the descriptor of what a slot holds, or nil.
func (r *run) layout(slot uint32) *abi.Type {
	return (*abi.Type)(unsafe.Pointer(uintptr(*(*uint32)(unsafe.Add(r.layouts, uintptr(slot)*4)))))
}

func (r *run) markBytes() uintptr {
	return (uintptr(r.slots) + 31) >> 5 << 2
}

// findObject returns the base and slot of the object that an address lies in; r is nil if there is none.
func findObject(address uintptr) (base uintptr, r *run, slot uint32) {
	r = findRun(address)
	if r == nil {
		return 0, nil, 0
	}
	slot = r.slotOf(address)
	if slot >= r.slots {
		return 0, nil, 0
	}
	return r.slotBase(slot), r, slot
}

// newRun makes a run of small slots and enters it among the swept ones.
func newRun(class classIdx) *run {
	sizeClass := class >> 1
	n := uintptr(gc.SizeClassToNPages[sizeClass])
	base, zero := allocBlocks(n)
	r := runs.headers[class]
	if r != nil {
		runs.headers[class] = r.link
	} else {
		r = newHeader(class, n)
	}
	r.base, r.blocks, r.zero = base, n, zero
	r.next, r.used = 0, 0
	wasm.Fill(r.marks, 0, r.markBytes())
	if r.layouts != nil {
		wasm.Fill(r.layouts, 0, uintptr(r.slots)*4)
	}
	r.enter()
	return r
}

func newHeader(class classIdx, n uintptr) *run {
	sizeClass := class >> 1
	size := uintptr(gc.SizeClassToSize[sizeClass])
	slots := n << blockShift / size
	header := unsafe.Sizeof(run{})
	marks := (slots + 31) >> 5 << 2
	layouts := uintptr(0)
	if class&1 == 0 && sizeClass != wordClass {
		layouts = slots * 4
	}
	r := (*run)(metaAlloc(header + marks + layouts))
	r.size, r.slots, r.class = size, uint32(slots), class
	r.divMagic = gc.SizeClassToDivMagic[sizeClass]
	r.hasPointers = class&1 == 0
	r.marks = unsafe.Add(unsafe.Pointer(r), header)
	if layouts != 0 {
		r.layouts = unsafe.Add(r.marks, marks)
	}
	return r
}

// newLargeRun makes a run of one slot.
func newLargeRun(size uintptr, typ *abi.Type) *run {
	n := (size + blockSize - 1) >> blockShift
	base, zero := allocBlocks(n)
	r := runs.headers[0]
	if r != nil {
		runs.headers[0] = r.link
	} else {
		header := unsafe.Sizeof(run{})
		r = (*run)(metaAlloc(header + 8))
		r.marks = unsafe.Add(unsafe.Pointer(r), header)
		r.layouts = unsafe.Add(r.marks, 4)
	}
	r.base, r.blocks, r.zero = base, n, zero
	r.size, r.slots, r.used, r.next = n<<blockShift, 1, 1, 1
	r.hasPointers = typ != nil
	*(*uint32)(r.marks) = 0
	*(*uint32)(r.layouts) = uint32(uintptr(unsafe.Pointer(typ)))
	r.enter()
	return r
}

func (r *run) enter() {
	r.link = runs.swept[r.class]
	runs.swept[r.class] = r
	first := (r.base - blocks.start) >> blockShift
	for i := first; i < first+r.blocks; i++ {
		*blockEntry(i) = uint32(uintptr(unsafe.Pointer(r)))
	}
	runs.count++
	runs.inUse += r.blocks << blockShift
}

// release gives the blocks of a run back that is in no list any more.
func (r *run) release() {
	runs.count--
	runs.inUse -= r.blocks << blockShift
	freeBlocks(r.base, r.blocks)
	r.link = runs.headers[r.class]
	runs.headers[r.class] = r
}

// sweep counts what a collection left of a run. It returns false if that was nothing and the run is gone.
func (r *run) sweep() bool {
	live := uint32(0)
	for offset := uintptr(0); offset < r.markBytes(); offset += 4 {
		live += uint32(sys.OnesCount64(uint64(*(*uint32)(unsafe.Add(r.marks, offset)))))
	}
	if live > r.used {
		// A stale word on the stack looked like a pointer to a free slot.
		counts.mallocs[r.class] += uint64(live - r.used)
		r.used = live
	}
	counts.frees[r.class] += uint64(r.used - live)
	if r.class>>1 == 0 {
		counts.largeFreed += uint64(r.used-live) * uint64(r.size)
	}
	if live == 0 {
		r.release()
		return false
	}
	if live != r.slots && r.layouts != nil {
		for slot := uint32(0); slot < r.slots; slot++ {
			if !r.marked(slot) {
				*(*uint32)(unsafe.Add(r.layouts, uintptr(slot)*4)) = 0
			}
		}
	}
	r.used = live
	r.next = 0
	r.zero = false
	list := &runs.swept[r.class]
	if live != r.slots {
		list = &runs.roomy[r.class]
	}
	r.link = *list
	*list = r
	return true
}

// roomyRun returns a run of the class with free slots, sweeping as long as it takes, or nil.
func roomyRun(class classIdx) *run {
	for runs.roomy[class] == nil {
		r := runs.unswept[class]
		if r == nil {
			return nil
		}
		runs.unswept[class] = r.link
		runs.unsweptCount--
		r.sweep()
	}
	r := runs.roomy[class]
	runs.roomy[class] = r.link
	r.link = runs.swept[class]
	runs.swept[class] = r
	return r
}

// sweepAll ends the lazy sweeping.
func sweepAll() {
	for class := classIdx(0); class < classCount; class++ {
		for r := runs.unswept[class]; r != nil; r = runs.unswept[class] {
			runs.unswept[class] = r.link
			runs.unsweptCount--
			r.sweep()
		}
	}
}

// freeRange finds the next range of free slots of a swept run and takes it. It is empty if there is none.
func (r *run) freeRange() (first, end uint32) {
	first = r.next
	for first < r.slots && r.marked(first) {
		first = r.skip(first, 0)
	}
	first = min(first, r.slots)
	end = first
	for end < r.slots && !r.marked(end) {
		end = r.skip(end, ^uint32(0))
	}
	end = min(end, r.slots)
	r.next = end
	return first, end
}

// skip moves on from a slot to the next one whose mark may differ, by whole words where all bits are alike: flip is 0
// to pass over marks, all ones to pass over their absence.
func (r *run) skip(slot, flip uint32) uint32 {
	word := *(*uint32)(unsafe.Add(r.marks, slot>>5<<2)) ^ flip
	return slot + uint32(sys.TrailingZeros64(^uint64(word>>(slot&31))))
}
