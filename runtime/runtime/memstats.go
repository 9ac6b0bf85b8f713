// The collector's numbers, as MemStats, debug.GCStats and runtime/metrics want them.

package runtime

import (
	"internal/runtime/gc"
	"internal/wasm"
	"unsafe"
)

// MemProfileRate controls the fraction of allocations in the memory profile. There is none here; the variable is kept.
var MemProfileRate int = 512 * 1024

// A MemStats records statistics about the memory allocator.
type MemStats struct {
	Alloc      uint64 // bytes of allocated heap objects
	TotalAlloc uint64 // cumulative bytes allocated for heap objects
	Sys        uint64 // bytes of linear memory
	Lookups    uint64 // always 0
	Mallocs    uint64 // cumulative count of heap objects allocated
	Frees      uint64 // cumulative count of heap objects freed

	HeapAlloc    uint64 // = Alloc
	HeapSys      uint64 // bytes of memory for blocks, used or not
	HeapIdle     uint64 // bytes in free blocks
	HeapInuse    uint64 // bytes in runs
	HeapReleased uint64 // always 0: wasm memory does not shrink
	HeapObjects  uint64 // = Mallocs - Frees

	StackInuse uint64 // bytes of the shadow stack and of captured frames
	StackSys   uint64

	MSpanInuse  uint64 // bytes of the runs' bookkeeping
	MSpanSys    uint64
	MCacheInuse uint64 // bytes of cursors
	MCacheSys   uint64
	BuckHashSys uint64 // always 0
	GCSys       uint64 // bytes of the block table
	OtherSys    uint64 // static data

	NextGC        uint64 // target heap size of the next cycle
	LastGC        uint64 // end of the last cycle, nanoseconds since 1970
	PauseTotalNs  uint64
	PauseNs       [256]uint64 // circular; the most recent one is at [(NumGC+255)%256]
	PauseEnd      [256]uint64
	NumGC         uint32
	NumForcedGC   uint32
	GCCPUFraction float64
	EnableGC      bool // always true
	DebugGC       bool // always false

	// BySize reports per-size class statistics.
	BySize [61]struct {
		Size    uint32
		Mallocs uint64
		Frees   uint64
	}
}

// ReadMemStats populates m. What cursors hold and nobody was given does not count.
func ReadMemStats(m *MemStats) {
	*m = MemStats{EnableGC: true}
	for class := range classCount {
		mallocs, frees := counts.mallocs[class], counts.frees[class]
		if c := &cursors[class]; c.run != nil {
			mallocs -= uint64((c.limit - c.free) / c.size)
		}
		m.Mallocs += mallocs
		m.Frees += frees
		sizeClass := class >> 1
		if sizeClass == 0 {
			continue
		}
		size := uint64(gc.SizeClassToSize[sizeClass])
		m.TotalAlloc += mallocs * size
		m.Alloc += (mallocs - frees) * size
		if sizeClass < len(m.BySize) {
			by := &m.BySize[sizeClass]
			by.Mallocs += mallocs
			by.Frees += frees
		}
	}
	for i := range m.BySize {
		m.BySize[i].Size = uint32(gc.SizeClassToSize[i])
	}
	m.TotalAlloc += counts.largeAllocated
	m.Alloc += counts.largeAllocated - counts.largeFreed
	m.HeapAlloc = m.Alloc
	m.HeapObjects = m.Mallocs - m.Frees
	m.HeapInuse = uint64(runs.inUse)
	m.Sys = uint64(uint32(wasm.MemorySize())) * wasmPage
	tableSize := uint64(blocks.tableLen * 4)
	m.GCSys = tableSize
	m.MSpanInuse = uint64(blocks.meta) - tableSize
	m.MSpanSys = m.MSpanInuse
	m.HeapSys = uint64(blocks.end-blocks.start) - uint64(blocks.meta)
	m.HeapIdle = m.HeapSys - m.HeapInuse
	m.StackSys = uint64(wasm.StackTop() - wasm.StackLimit())
	m.StackInuse = uint64(wasm.StackTop()-wasm.StackPointer()) + uint64(frameBytes)
	m.MCacheInuse = uint64(unsafe.Sizeof(cursors))
	m.MCacheSys = m.MCacheInuse
	m.OtherSys = m.Sys - m.HeapSys - m.MSpanSys - m.GCSys - m.StackSys
	m.NextGC = uint64(heapGoal)
	m.LastGC = counts.lastGC
	m.PauseTotalNs = counts.pauseTotal
	m.PauseNs = counts.pauses
	m.PauseEnd = counts.pauseEnds
	m.NumGC = counts.numGC
	m.NumForcedGC = counts.numForced
	if elapsed := nanotime() - startedAt; elapsed > 0 {
		m.GCCPUFraction = float64(counts.pauseTotal) / float64(elapsed)
	}
}

// readGCStats fills pauses, most recent first, then their ends, then the time of the last collection, the count of
// collections and the total pause. debug.ReadGCStats passes a slice with room for all of that.
//
//go:linkname readGCStats runtime/debug.readGCStats
func readGCStats(stats *[]uint64) {
	p := *stats
	n := min(int(counts.numGC), len(counts.pauses))
	p = p[:2*n+3]
	for i := range n {
		at := (counts.numGC - 1 - uint32(i)) % uint32(len(counts.pauses))
		p[i] = counts.pauses[at]
		p[n+i] = counts.pauseEnds[at]
	}
	p[2*n], p[2*n+1], p[2*n+2] = counts.lastGC, uint64(counts.numGC), counts.pauseTotal
	*stats = p
}
