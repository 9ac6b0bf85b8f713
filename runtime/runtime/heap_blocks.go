// Where memory comes from: blocks of 8 KiB.
//
// Linear memory from wasm.HeapStart on is a row of blocks. A table with one u32 per block says what a block belongs to,
// so that any address finds its object (heap_runs.go) in one load:
//
//	0            bookkeeping (this table, run headers, frames), the inside of a free extent, or never used
//	odd          the first or last block of a free extent: its length in blocks, doubled, plus 1
//	even         the address of the run's header
//
//	| static data, shadow stack | blocks in use and free extents ........ | wilderness: zero | end of memory
//	                            ^ blocks.start                            ^ blocks.top         ^ blocks.end
//
// 8 KiB is what the SDK's size classes are made for (internal/runtime/gc: at most 12.5 % of a run is waste), and small
// enough that a program with a few objects of each of twenty sizes stays below 200 KiB.
//
// Free extents are kept in lists by length: exactly up to 62 blocks, all longer ones in the last list. Neighbours merge
// through the marks at their ends. Only memory from the wilderness is known to be zero.

package runtime

import (
	"internal/runtime/gc"
	"internal/runtime/sys"
	"internal/wasm"
	"unsafe"
)

const (
	blockShift = gc.PageShift
	blockSize  = 1 << blockShift
	wasmPage   = 1 << 16
	longBin    = 63
	// Memory grows by an eighth of itself, within these limits.
	minGrowth = 1 << 20
	maxGrowth = 16 << 20
)

// extent is written into the first bytes of a free extent.
type extent struct {
	next, prev *extent
	length     uintptr
}

var blocks struct {
	start, top, end uintptr
	table           unsafe.Pointer
	tableLen        uintptr
	bins            [longBin + 1]*extent
	// Bit i: bins[i] is not empty.
	binned uint64
	// Blocks in free extents.
	free uintptr
	// Bytes that bookkeeping has taken.
	meta uintptr
}

func initBlocks() {
	b := &blocks
	b.start = (wasm.HeapStart() + blockSize - 1) &^ (blockSize - 1)
	b.end = uintptr(uint32(wasm.MemorySize())) * wasmPage
	b.top = b.start
	b.tableLen = blockSize / 4
	if b.top+blockSize > b.end && !growMemory(blockSize) {
		throw("out of memory")
	}
	b.table = unsafe.Pointer(b.top)
	b.top += blockSize
	b.meta = blockSize
}

func blockEntry(i uintptr) *uint32 {
	return (*uint32)(unsafe.Add(blocks.table, i*4))
}

// allocBlocks returns n blocks whose table entries are unset, and whether they are zero. It may collect.
func allocBlocks(n uintptr) (base uintptr, zero bool) {
	base, zero = findBlocks(n)
	if base == 0 && !collecting && lastResort() {
		base, zero = findBlocks(n)
	}
	switch {
	case base != 0:
		fillReserve()
	case collecting:
		base = takeReserve(n)
	default:
		outOfMemory(n * blockSize)
	}
	return base, zero
}

// allocBlocksQuietly is allocBlocks where no collection may happen, be it in the last resort: there are pointers that it
// would not find.
func allocBlocksQuietly(n uintptr) (base uintptr, zero bool) {
	if base, zero = findBlocks(n); base == 0 {
		return takeReserve(n), false
	}
	return base, zero
}

// findBlocks returns 0 if memory cannot grow.
func findBlocks(n uintptr) (base uintptr, zero bool) {
	if base = takeExtent(n); base != 0 {
		return base, false
	}
	if blocks.top+n*blockSize > blocks.end && !collecting && unsweptRuns() {
		// Garbage that nobody has come across yet is cheaper than new memory.
		sweepAll()
		if base = takeExtent(n); base != 0 {
			return base, false
		}
	}
	if blocks.top+n*blockSize > blocks.end && !growMemory(n*blockSize) {
		return 0, false
	}
	base = blocks.top
	blocks.top += n * blockSize
	ensureTable()
	return base, true
}

// reserve are blocks for those who cannot collect, the collector among them, when memory cannot grow any more. It is
// refilled as soon as others find blocks.
var reserve struct {
	base, n uintptr
}

const reserveBlocks = 8

// fillReserve does not collect.
func fillReserve() {
	if reserve.n == reserveBlocks {
		return
	}
	if base, _ := findBlocks(reserveBlocks); base != 0 {
		if reserve.n != 0 {
			freeBlocks(reserve.base, reserve.n)
		}
		reserve.base, reserve.n = base, reserveBlocks
	}
}

// restoreReserve sees to it that there is a reserve, if it takes a collection. It is called when all frames are captured.
func restoreReserve() {
	if reserve.n != 0 {
		return
	}
	if fillReserve(); reserve.n == 0 && lastResort() {
		fillReserve()
	}
}

// takeReserve ends the program if the reserve has no n blocks.
func takeReserve(n uintptr) (base uintptr) {
	if n > reserve.n {
		outOfMemory(n * blockSize)
	}
	reserve.n -= n
	return reserve.base + reserve.n<<blockShift
}

func outOfMemory(size uintptr) {
	print("runtime: out of memory: cannot allocate ", size, "-byte block (", uintptr(heapInUse()), " in use)\n")
	throw("out of memory")
}

// growMemory makes room for size more bytes behind top.
func growMemory(size uintptr) bool {
	need := blocks.top + size - blocks.end
	wanted := max(need, min(max((blocks.end-blocks.start)/8, minGrowth), maxGrowth))
	for _, bytes := range [2]uintptr{wanted, need} {
		pages := (bytes + wasmPage - 1) / wasmPage
		if pages > 1<<16 {
			continue
		}
		former := wasm.MemoryGrow(int32(pages))
		if former == -1 {
			continue
		}
		memoryGrown()
		// Should the host have grown memory too, the gap is ours as well: nobody else allocates there.
		blocks.end = (uintptr(uint32(former)) + pages) * wasmPage
		return true
	}
	return false
}

// ensureTable makes the table cover all blocks below top, and with room for four times as many. The new table is cut
// off the wilderness.
func ensureTable() {
	b := &blocks
	needed := (b.top - b.start) >> blockShift
	if needed <= b.tableLen {
		return
	}
	newLen := b.tableLen
	size := uintptr(0)
	for needed > newLen {
		newLen *= 4
		size = newLen * 4
		needed = (b.top + size - b.start) >> blockShift
	}
	if b.top+size > b.end && !growMemory(size) {
		outOfMemory(size)
	}
	old, oldLen := b.table, b.tableLen
	table := unsafe.Pointer(b.top)
	b.top += size
	wasm.Copy(table, old, oldLen*4)
	b.table, b.tableLen = table, newLen
	b.meta += size - oldLen*4
	freeBlocks(uintptr(old), oldLen*4>>blockShift)
}

// freeBlocks gives blocks back. Their table entries are cleared here.
func freeBlocks(base, n uintptr) {
	first := (base - blocks.start) >> blockShift
	for i := first; i < first+n; i++ {
		*blockEntry(i) = 0
	}
	blocks.free += n
	if first > 0 {
		if mark := *blockEntry(first - 1); mark&1 != 0 {
			length := uintptr(mark >> 1)
			first -= length
			n += length
			unlinkExtent((*extent)(unsafe.Pointer(blocks.start + first<<blockShift)))
		}
	}
	if after := first + n; after < (blocks.top-blocks.start)>>blockShift {
		if mark := *blockEntry(after); mark&1 != 0 {
			n += uintptr(mark >> 1)
			unlinkExtent((*extent)(unsafe.Pointer(blocks.start + after<<blockShift)))
		}
	}
	linkExtent(blocks.start+first<<blockShift, n)
}

func binOf(length uintptr) uintptr {
	return min(length, longBin)
}

func linkExtent(base, length uintptr) {
	e := (*extent)(unsafe.Pointer(base))
	bin := binOf(length)
	*e = extent{next: blocks.bins[bin], length: length}
	if e.next != nil {
		e.next.prev = e
	}
	blocks.bins[bin] = e
	blocks.binned |= 1 << bin
	first := (base - blocks.start) >> blockShift
	*blockEntry(first) = uint32(length)<<1 | 1
	*blockEntry(first + length - 1) = uint32(length)<<1 | 1
}

func unlinkExtent(e *extent) {
	bin := binOf(e.length)
	if e.prev != nil {
		e.prev.next = e.next
	} else {
		blocks.bins[bin] = e.next
		if e.next == nil {
			blocks.binned &^= 1 << bin
		}
	}
	if e.next != nil {
		e.next.prev = e.prev
	}
	first := (uintptr(unsafe.Pointer(e)) - blocks.start) >> blockShift
	*blockEntry(first) = 0
	*blockEntry(first + e.length - 1) = 0
}

// takeExtent cuts n blocks off the shortest extent that has them, or returns 0.
func takeExtent(n uintptr) uintptr {
	var best *extent
	if bins := blocks.binned >> binOf(n) << binOf(n); bins != 0 {
		bin := uintptr(sys.TrailingZeros64(bins))
		if bin < longBin {
			best = blocks.bins[bin]
		} else {
			best = shortestLong(n)
		}
	}
	if best == nil {
		return 0
	}
	unlinkExtent(best)
	blocks.free -= n
	base := uintptr(unsafe.Pointer(best))
	if rest := best.length - n; rest != 0 {
		linkExtent(base+n<<blockShift, rest)
	}
	return base
}

func shortestLong(n uintptr) *extent {
	var best *extent
	// A bounded search: lists of long extents are short unless memory is badly cut up, and then any will do.
	for e, tries := blocks.bins[longBin], 0; e != nil && (tries < 64 || best == nil); e, tries = e.next, tries+1 {
		if e.length >= n && (best == nil || e.length < best.length) {
			best = e
		}
	}
	return best
}

// metaChunk is where small pieces of bookkeeping are cut off. They are never given back here; who frees them keeps them
// in a list of their size.
var metaChunk struct {
	free, limit uintptr
}

// metaAlloc returns zeroed memory outside the collected heap. It may collect.
func metaAlloc(size uintptr) unsafe.Pointer {
	size = (size + 7) &^ 7
	if metaChunk.free+size > metaChunk.limit {
		n := (size + blockSize - 1) >> blockShift
		base, zero := allocBlocks(n)
		newMetaChunk(base, n, zero)
	}
	return cutMetaChunk(size)
}

// metaAllocQuietly is metaAlloc without collections.
func metaAllocQuietly(size uintptr) unsafe.Pointer {
	size = (size + 7) &^ 7
	if metaChunk.free+size > metaChunk.limit {
		n := (size + blockSize - 1) >> blockShift
		base, zero := allocBlocksQuietly(n)
		newMetaChunk(base, n, zero)
	}
	return cutMetaChunk(size)
}

func newMetaChunk(base, n uintptr, zero bool) {
	if !zero {
		wasm.Fill(unsafe.Pointer(base), 0, n<<blockShift)
	}
	blocks.meta += n << blockShift
	metaChunk.free, metaChunk.limit = base, base+n<<blockShift
}

func cutMetaChunk(size uintptr) unsafe.Pointer {
	p := metaChunk.free
	metaChunk.free += size
	return unsafe.Pointer(p)
}
