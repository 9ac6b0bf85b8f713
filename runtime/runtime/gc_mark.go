// Marking: an explicit stack of reached objects that are still to be scanned.
//
// Objects are scanned by their layouts: the pointer bitmap of the type (GCData), repeated. What is not described that
// way, the shadow stack and captured frames, is taken for pointers wherever a word is the address of a slot. Whatever
// the source, a word counts only if it leads to a run; words that lead to free slots mark those, which costs a slot
// until the next collection and nothing else.
//
// A pointer slot is 8 bytes with the address in the lower four.

package runtime

import (
	"internal/abi"
	"internal/goarch"
	"internal/runtime/sys"
	"internal/wasm"
	"unsafe"
)

// reached names a slot to be scanned.
type reached struct {
	run  uint32
	slot uint32
}

const stackChunkLen = (blockSize - 16) / 8

// markChunk is a block of the mark stack.
type markChunk struct {
	below   *markChunk
	n       uintptr
	entries [stackChunkLen]reached
}

var marker struct {
	top *markChunk
	// A chunk that was emptied last, so that a stack at a chunk's edge does not take and give blocks at each step.
	spare *markChunk
	// Bytes in marked slots.
	reached uintptr
	// Bytes looked at that are not objects.
	rootBytes uintptr
}

func pushReached(r *run, slot uint32) {
	c := marker.top
	if c == nil || c.n == stackChunkLen {
		c = marker.spare
		marker.spare = nil
		if c == nil {
			base, _ := allocBlocks(1)
			c = (*markChunk)(unsafe.Pointer(base))
		}
		c.below, c.n = marker.top, 0
		marker.top = c
	}
	c.entries[c.n] = reached{uint32(uintptr(unsafe.Pointer(r))), slot}
	c.n++
}

// drain scans until nothing reached is left unscanned.
func drain() {
	for marker.top != nil {
		c := marker.top
		if c.n == 0 {
			marker.top = c.below
			if marker.spare != nil {
				freeBlocks(uintptr(unsafe.Pointer(marker.spare)), 1)
			}
			marker.spare = c
			continue
		}
		c.n--
		entry := c.entries[c.n]
		(*run)(unsafe.Pointer(uintptr(entry.run))).scan(entry.slot)
	}
}

// dismissMarkStack gives the memory of the emptied stack back.
func dismissMarkStack() {
	if marker.spare != nil {
		freeBlocks(uintptr(unsafe.Pointer(marker.spare)), 1)
		marker.spare = nil
	}
}

// markAddress marks the object that an address lies in, if any.
func markAddress(address uintptr) {
	r := findRun(address)
	if r == nil {
		return
	}
	slot := r.slotOf(address)
	if slot >= r.slots || !r.mark(slot) {
		return
	}
	marker.reached += r.size
	if r.hasPointers {
		pushReached(r, slot)
	}
}

func markPointer(p unsafe.Pointer) {
	markAddress(uintptr(p))
}

// scan marks what an object points to.
func (r *run) scan(slot uint32) {
	base := r.slotBase(slot)
	if r.layouts == nil {
		markAddress(uintptr(*(*uint32)(unsafe.Pointer(base))))
		return
	}
	typ := r.layout(slot)
	if typ == nil {
		return
	}
	mask := pointerMask(typ)
	for end := base + r.size; base+typ.PtrBytes <= end; base += typ.Size_ {
		scanMasked(base, typ.PtrBytes, mask)
	}
}

// scanMasked looks at the pointer slots of a value.
func scanMasked(base, bytes uintptr, mask *byte) {
	for word := uintptr(0); word < bytes/goarch.PtrSize; word += 8 {
		bits := uint64(*mask)
		if rest := bytes/goarch.PtrSize - word; rest < 8 {
			bits &= 1<<rest - 1
		}
		for ; bits != 0; bits &= bits - 1 {
			i := word + uintptr(sys.TrailingZeros64(bits))
			markAddress(uintptr(*(*uint32)(unsafe.Pointer(base + i*goarch.PtrSize))))
		}
		mask = (*byte)(unsafe.Add(unsafe.Pointer(mask), 1))
	}
}

// scanWords takes every 4-byte word of [from, to) for an address.
func scanWords(from, to uintptr) {
	for from = (from + 3) &^ 3; from+4 <= to; from += 4 {
		if word := *(*uint32)(unsafe.Pointer(from)); word != 0 {
			markAddress(uintptr(word))
		}
	}
}

// markRoots marks all that is reachable without the help of finalizers, and what finalizers must find intact. sp is where
// the stack that counts begins.
func markRoots(sp uintptr) {
	marker.rootBytes = 0
	markStatics()
	scanWords(sp, wasm.StackTop())
	marker.rootBytes += wasm.StackTop() - sp
	markGoroutines()
	drain()
	markForFinalizers()
	drain()
}

// rootEntry is how the linker describes a stretch of static data.
type rootEntry struct {
	address, words, bitmap uint32
}

func markStatics() {
	table := wasm.Roots()
	count := uintptr(*(*uint32)(table))
	for i := uintptr(0); i < count; i++ {
		entry := (*rootEntry)(unsafe.Add(table, 4+i*unsafe.Sizeof(rootEntry{})))
		bytes := uintptr(entry.words) * goarch.PtrSize
		marker.rootBytes += bytes
		scanMasked(uintptr(entry.address), bytes, (*byte)(unsafe.Pointer(uintptr(entry.bitmap))))
	}
}

// isMarked is for addresses of objects that something else than a pointer knows of. What is no object never dies.
func isMarked(address uintptr) bool {
	_, r, slot := findObject(address)
	return r == nil || r.marked(slot)
}

// scanObjectAt marks what an object points to and not the object.
func scanObjectAt(address uintptr) {
	if _, r, slot := findObject(address); r != nil && r.hasPointers {
		r.scan(slot)
	}
}

// pointerMask returns the bitmap of a type's pointer slots, made now for types that carry none.
func pointerMask(typ *abi.Type) *byte {
	if typ.TFlag&abi.TFlagGCMaskOnDemand == 0 {
		return typ.GCData
	}
	cell := (**byte)(unsafe.Pointer(typ.GCData))
	if *cell == nil {
		mask := metaAlloc((typ.PtrBytes/goarch.PtrSize + 7) / 8)
		buildMask(typ, 0, mask)
		*cell = (*byte)(mask)
	}
	return *cell
}

// buildMask sets the bits of a value of a type whose first word is number `word`.
func buildMask(typ *abi.Type, word uintptr, mask unsafe.Pointer) {
	if typ.PtrBytes == 0 {
		return
	}
	if typ.TFlag&abi.TFlagGCMaskOnDemand == 0 {
		for i := uintptr(0); i < typ.PtrBytes/goarch.PtrSize; i++ {
			if *(*byte)(unsafe.Add(unsafe.Pointer(typ.GCData), i/8))>>(i%8)&1 != 0 {
				to := word + i
				*(*byte)(unsafe.Add(mask, to/8)) |= 1 << (to % 8)
			}
		}
		return
	}
	switch typ.Kind() {
	case abi.Array:
		array := (*abi.ArrayType)(unsafe.Pointer(typ))
		for i := uintptr(0); i < array.Len; i++ {
			buildMask(array.Elem, word+i*array.Elem.Size_/goarch.PtrSize, mask)
		}
	case abi.Struct:
		fields := (*abi.StructType)(unsafe.Pointer(typ)).Fields
		for i := range fields {
			buildMask(fields[i].Typ, word+fields[i].Offset/goarch.PtrSize, mask)
		}
	default:
		throw("type without pointer bitmap: " + typeString(typ))
	}
}
