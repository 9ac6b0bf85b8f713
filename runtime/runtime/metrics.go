// runtime/metrics: the numbers that there are. Names that nobody here knows read as of bad kind, as the package
// documents for unsupported metrics.

package runtime

import "unsafe"

const (
	metricBad = iota
	metricUint64
	metricFloat64
)

type metricSample struct {
	name  string
	value struct {
		kind    int
		scalar  uint64
		pointer unsafe.Pointer
	}
}

// metrics are those that read as a number.
var metrics = map[string]func() uint64{
	"/gc/cycles/automatic:gc-cycles": func() uint64 { return uint64(counts.numGC - counts.numForced) },
	"/gc/cycles/forced:gc-cycles":    func() uint64 { return uint64(counts.numForced) },
	"/gc/cycles/total:gc-cycles":     func() uint64 { return uint64(counts.numGC) },
	"/gc/gogc:percent":               func() uint64 { return uint64(int64(gcPercent)) },
	"/gc/gomemlimit:bytes":           func() uint64 { return uint64(memoryLimit) },
	"/gc/heap/goal:bytes":            func() uint64 { return uint64(heapGoal) },
	"/gc/heap/live:bytes":            func() uint64 { return uint64(heapMarked) },
	"/gc/heap/allocs:bytes":          func() uint64 { return memStat(func(m *MemStats) uint64 { return m.TotalAlloc }) },
	"/gc/heap/allocs:objects":        func() uint64 { return memStat(func(m *MemStats) uint64 { return m.Mallocs }) },
	"/gc/heap/frees:bytes":           func() uint64 { return memStat(func(m *MemStats) uint64 { return m.TotalAlloc - m.Alloc }) },
	"/gc/heap/frees:objects":         func() uint64 { return memStat(func(m *MemStats) uint64 { return m.Frees }) },
	"/gc/heap/objects:objects":       func() uint64 { return memStat(func(m *MemStats) uint64 { return m.HeapObjects }) },
	"/gc/heap/tiny/allocs:objects":   func() uint64 { return 0 },
	"/memory/classes/heap/free:bytes": func() uint64 {
		return memStat(func(m *MemStats) uint64 { return m.HeapIdle })
	},
	"/memory/classes/heap/objects:bytes": func() uint64 { return memStat(func(m *MemStats) uint64 { return m.HeapAlloc }) },
	"/memory/classes/heap/unused:bytes": func() uint64 {
		return memStat(func(m *MemStats) uint64 { return m.HeapInuse - m.HeapAlloc })
	},
	"/memory/classes/heap/released:bytes": func() uint64 { return 0 },
	"/memory/classes/heap/stacks:bytes":   func() uint64 { return memStat(func(m *MemStats) uint64 { return m.StackInuse }) },
	"/memory/classes/total:bytes":         func() uint64 { return memStat(func(m *MemStats) uint64 { return m.Sys }) },
	"/sched/gomaxprocs:threads":           func() uint64 { return 1 },
	"/sched/goroutines:goroutines":        func() uint64 { return uint64(liveCount) },
}

func memStat(pick func(*MemStats) uint64) uint64 {
	m := new(MemStats)
	ReadMemStats(m)
	return pick(m)
}

//go:linkname readMetrics runtime/metrics.runtime_readMetrics
func readMetrics(samples unsafe.Pointer, length, capacity int) {
	for i := range unsafe.Slice((*metricSample)(samples), length) {
		s := (*metricSample)(unsafe.Add(samples, uintptr(i)*unsafe.Sizeof(metricSample{})))
		s.value.kind, s.value.scalar, s.value.pointer = metricBad, 0, nil
		if read := metrics[s.name]; read != nil {
			s.value.kind, s.value.scalar = metricUint64, read()
		}
	}
}
