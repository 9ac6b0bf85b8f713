// runtime/metrics: the numbers that there are. Names that nobody here knows read as of bad kind, as the package
// documents for metrics that are not supported.

package runtime

import "unsafe"

const (
	metricBad = iota
	metricUint64
)

type metricSample struct {
	name  string
	value struct {
		kind    int
		scalar  uint64
		pointer unsafe.Pointer
	}
}

// godebugMetrics count uses of old behaviour. They are registered one by one, in programs that never read any metric.
var godebugMetrics []struct {
	name string
	read func() uint64
}

//go:linkname godebug_registerMetric internal/godebug.registerMetric
func godebug_registerMetric(name string, read func() uint64) {
	godebugMetrics = append(godebugMetrics, struct {
		name string
		read func() uint64
	}{name, read})
}

//go:linkname readMetrics runtime/metrics.runtime_readMetrics
func readMetrics(samples unsafe.Pointer, length, capacity int) {
	m := new(MemStats)
	ReadMemStats(m)
	list := unsafe.Slice((*metricSample)(samples), length)
	for i := range list {
		value := &list[i].value
		value.kind, value.scalar, value.pointer = metricBad, 0, nil
		if n, ok := readMetric(list[i].name, m); ok {
			value.kind, value.scalar = metricUint64, n
		}
	}
}

func readMetric(name string, m *MemStats) (value uint64, ok bool) {
	switch name {
	case "/gc/cycles/automatic:gc-cycles":
		return uint64(m.NumGC - m.NumForcedGC), true
	case "/gc/cycles/forced:gc-cycles":
		return uint64(m.NumForcedGC), true
	case "/gc/cycles/total:gc-cycles":
		return uint64(m.NumGC), true
	case "/gc/gogc:percent":
		return uint64(int64(gcPercent)), true
	case "/gc/gomemlimit:bytes":
		return uint64(memoryLimit), true
	case "/gc/heap/allocs:bytes":
		return m.TotalAlloc, true
	case "/gc/heap/allocs:objects":
		return m.Mallocs, true
	case "/gc/heap/frees:bytes":
		return m.TotalAlloc - m.Alloc, true
	case "/gc/heap/frees:objects":
		return m.Frees, true
	case "/gc/heap/goal:bytes":
		return m.NextGC, true
	case "/gc/heap/live:bytes":
		return uint64(heapMarked), true
	case "/gc/heap/objects:objects":
		return m.HeapObjects, true
	case "/gc/heap/tiny/allocs:objects", "/memory/classes/heap/released:bytes", "/memory/classes/os-stacks:bytes",
		"/cgo/go-to-c-calls:calls":
		return 0, true
	case "/memory/classes/heap/free:bytes":
		return m.HeapIdle, true
	case "/memory/classes/heap/objects:bytes":
		return m.HeapAlloc, true
	case "/memory/classes/heap/stacks:bytes":
		return m.StackInuse, true
	case "/memory/classes/heap/unused:bytes":
		return m.HeapInuse - m.HeapAlloc, true
	case "/memory/classes/total:bytes":
		return m.Sys, true
	case "/sched/gomaxprocs:threads":
		return 1, true
	case "/sched/goroutines:goroutines":
		return uint64(liveCount), true
	}
	for i := range godebugMetrics {
		if godebugMetrics[i].name == name {
			return godebugMetrics[i].read(), true
		}
	}
	return 0, false
}
