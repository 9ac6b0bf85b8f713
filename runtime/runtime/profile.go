// Profiles. Goroutine profiles are real; there is no profile of processor time, memory, blocking or threads, so that
// those are empty.

package runtime

import (
	"internal/profilerecord"
	"unsafe"
)

// A StackRecord describes a single execution stack.
type StackRecord struct {
	Stack0 [32]uintptr // ends at the first 0
}

// Stack returns the stack trace of the record.
func (r *StackRecord) Stack() []uintptr { return stackOf(r.Stack0[:]) }

func stackOf(pcs []uintptr) []uintptr {
	for i, pc := range pcs {
		if pc == 0 {
			return pcs[:i]
		}
	}
	return pcs
}

// A MemProfileRecord describes the live objects allocated by a particular call sequence.
type MemProfileRecord struct {
	AllocBytes, FreeBytes     int64
	AllocObjects, FreeObjects int64
	Stack0                    [32]uintptr
}

// InUseBytes returns the number of bytes in use.
func (r *MemProfileRecord) InUseBytes() int64 { return r.AllocBytes - r.FreeBytes }

// InUseObjects returns the number of objects in use.
func (r *MemProfileRecord) InUseObjects() int64 { return r.AllocObjects - r.FreeObjects }

// Stack returns the stack trace of the record.
func (r *MemProfileRecord) Stack() []uintptr { return stackOf(r.Stack0[:]) }

// BlockProfileRecord describes blocking events of a particular call sequence.
type BlockProfileRecord struct {
	Count  int64
	Cycles int64
	StackRecord
}

// MemProfile returns an empty profile.
func MemProfile(p []MemProfileRecord, inuseZero bool) (n int, ok bool) { return 0, true }

// BlockProfile returns an empty profile.
func BlockProfile(p []BlockProfileRecord) (n int, ok bool) { return 0, true }

// MutexProfile returns an empty profile.
func MutexProfile(p []BlockProfileRecord) (n int, ok bool) { return 0, true }

// ThreadCreateProfile returns an empty profile.
func ThreadCreateProfile(p []StackRecord) (n int, ok bool) { return 0, true }

// GoroutineProfile fills p with the stacks of all goroutines if there is room.
func GoroutineProfile(p []StackRecord) (n int, ok bool) {
	n = liveCount
	if n > len(p) {
		return n, false
	}
	n = 0
	for gp := allgs; gp != nil; gp = gp.allLink {
		if !gp.system && n < len(p) {
			p[n] = StackRecord{}
			gp.stack(p[n].Stack0[:])
			n++
		}
	}
	return n, true
}

// stack fills pcs with a goroutine's calls.
func (gp *g) stack(pcs []uintptr) (n int) {
	startWalk(gp, len(pcs))
	for site := nextSite(); site != noSite && n < len(pcs); site = nextSite() {
		pcs[n] = sitePC(site)
		n++
	}
	if n == 0 && gp.entryPC != 0 {
		pcs[0] = gp.entryPC
		n = 1
	}
	return n
}

//go:linkname pprof_goroutineProfileWithLabels
func pprof_goroutineProfileWithLabels(p []profilerecord.StackRecord, labels []unsafe.Pointer) (n int, ok bool) {
	if liveCount > len(p) {
		return liveCount, false
	}
	for gp := allgs; gp != nil; gp = gp.allLink {
		if gp.system || n >= len(p) {
			continue
		}
		pcs := make([]uintptr, 128)
		p[n].Stack = pcs[:gp.stack(pcs)]
		if labels != nil {
			labels[n] = gp.labels
		}
		n++
	}
	return n, true
}

//go:linkname pprof_goroutineLeakProfileWithLabels
func pprof_goroutineLeakProfileWithLabels(p []profilerecord.StackRecord, labels []unsafe.Pointer) (n int, ok bool) {
	return 0, true
}

//go:linkname pprof_memProfileInternal
func pprof_memProfileInternal(p []profilerecord.MemProfileRecord, inuseZero bool) (n int, ok bool) {
	return 0, true
}

//go:linkname pprof_blockProfileInternal
func pprof_blockProfileInternal(p []profilerecord.BlockProfileRecord) (n int, ok bool) {
	return 0, true
}

//go:linkname pprof_mutexProfileInternal
func pprof_mutexProfileInternal(p []profilerecord.BlockProfileRecord) (n int, ok bool) {
	return 0, true
}

//go:linkname pprof_threadCreateInternal
func pprof_threadCreateInternal(p []profilerecord.StackRecord) (n int, ok bool) { return 0, true }

//go:linkname pprof_fpunwindExpand
func pprof_fpunwindExpand(dst, src []uintptr) int { return copy(dst, src) }

//go:linkname pprof_makeProfStack
func pprof_makeProfStack() []uintptr { return make([]uintptr, 128) }

//go:linkname pprof_cyclesPerSecond runtime/pprof.runtime_cyclesPerSecond
func pprof_cyclesPerSecond() int64 { return 1e9 }

//go:linkname runtime_pprof_readProfile runtime/pprof.readProfile
func runtime_pprof_readProfile() (data []uint64, tags []unsafe.Pointer, eof bool) {
	return nil, nil, true
}

//go:linkname runtime_setProfLabel runtime/pprof.runtime_setProfLabel
func runtime_setProfLabel(labels unsafe.Pointer) { curg.labels = labels }

//go:linkname runtime_getProfLabel runtime/pprof.runtime_getProfLabel
func runtime_getProfLabel() unsafe.Pointer { return curg.labels }

//go:linkname goroutineleakcount runtime/pprof.runtime_goroutineleakcount
func goroutineleakcount() int { return 0 }

//go:linkname goroutineLeakGC runtime/pprof.runtime_goroutineLeakGC
func goroutineLeakGC() { GC() }

// SetCPUProfileRate does nothing: there is no clock that could interrupt.
func SetCPUProfileRate(hz int) {}

// CPUProfile panics, as in the SDK.
func CPUProfile() []byte { panic("CPUProfile no longer available") }

// SetBlockProfileRate does nothing.
func SetBlockProfileRate(rate int) {}

// SetMutexProfileFraction does nothing and returns 0.
func SetMutexProfileFraction(rate int) int { return 0 }
