// Small things that std's packages ask for: pinning, atomics on pointers, signals, FIPS marks, coverage, and the public
// odds and ends.

package runtime

import (
	"internal/coverage/rtcov"
	"internal/goarch"
	"internal/goos"
	"unsafe"
)

// Compiler is the name of the toolchain whose behaviour this one has.
const Compiler = "gc"

// GOOS is the running program's operating system target.
const GOOS string = goos.GOOS

// GOARCH is the running program's architecture target.
const GOARCH string = goarch.GOARCH

// Breakpoint does nothing.
func Breakpoint() {}

// NumCgoCall returns 0.
func NumCgoCall() int64 { return 0 }

// SetCgoTraceback does nothing.
func SetCgoTraceback(version int, traceback, context, symbolizer unsafe.Pointer) {}

// procPin keeps others from running. They do not run anyway.
//
//go:linkname procPin
func procPin() int { return 0 }

//go:linkname procUnpin
func procUnpin() {}

//go:linkname sync_runtime_procPin sync.runtime_procPin
func sync_runtime_procPin() int { return 0 }

//go:linkname sync_runtime_procUnpin sync.runtime_procUnpin
func sync_runtime_procUnpin() {}

//go:linkname sync_atomic_runtime_procPin sync/atomic.runtime_procPin
func sync_atomic_runtime_procPin() int { return 0 }

//go:linkname sync_atomic_runtime_procUnpin sync/atomic.runtime_procUnpin
func sync_atomic_runtime_procUnpin() {}

//go:linkname sync_atomic_StorePointer sync/atomic.StorePointer
func sync_atomic_StorePointer(p *unsafe.Pointer, new unsafe.Pointer) { *p = new }

//go:linkname sync_atomic_SwapPointer sync/atomic.SwapPointer
func sync_atomic_SwapPointer(p *unsafe.Pointer, new unsafe.Pointer) (old unsafe.Pointer) {
	old, *p = *p, new
	return old
}

//go:linkname sync_atomic_CompareAndSwapPointer sync/atomic.CompareAndSwapPointer
func sync_atomic_CompareAndSwapPointer(p *unsafe.Pointer, old, new unsafe.Pointer) (swapped bool) {
	if *p != old {
		return false
	}
	*p = new
	return true
}

//go:linkname atomic_storePointer internal/runtime/atomic.storePointer
func atomic_storePointer(p *unsafe.Pointer, new unsafe.Pointer) { *p = new }

//go:linkname atomic_StorepNoWB internal/runtime/atomic.StorepNoWB
func atomic_StorepNoWB(p, new unsafe.Pointer) { *(*unsafe.Pointer)(p) = new }

//go:linkname atomic_casPointer internal/runtime/atomic.casPointer
func atomic_casPointer(p *unsafe.Pointer, old, new unsafe.Pointer) bool {
	return sync_atomic_CompareAndSwapPointer(p, old, new)
}

// Signals never arrive.

//go:linkname signal_recv os/signal.signal_recv
func signal_recv() uint32 {
	// The goroutine that waits for signals keeps no program alive.
	if gp := curg; !gp.system {
		gp.system = true
		liveCount--
	}
	park(waitSignal)
	return 0
}

//go:linkname signal_enable os/signal.signal_enable
func signal_enable(s uint32) {}

//go:linkname signal_disable os/signal.signal_disable
func signal_disable(s uint32) {}

//go:linkname signal_ignore os/signal.signal_ignore
func signal_ignore(s uint32) {}

//go:linkname signal_ignored os/signal.signal_ignored
func signal_ignored(s uint32) bool { return false }

//go:linkname signalWaitUntilIdle os/signal.signalWaitUntilIdle
func signalWaitUntilIdle() {}

// FIPS 140: marks of the goroutine.

//go:linkname fips_getIndicator crypto/internal/fips140.getIndicator
func fips_getIndicator() uint8 { return curg.fipsMark }

//go:linkname fips_setIndicator crypto/internal/fips140.setIndicator
func fips_setIndicator(mark uint8) { curg.fipsMark = mark }

//go:linkname fips140_setBypass crypto/fips140.setBypass
func fips140_setBypass() { curg.bypass = true }

//go:linkname fips140_unsetBypass crypto/fips140.unsetBypass
func fips140_unsetBypass() { curg.bypass = false }

//go:linkname fips140_isBypassed crypto/fips140.isBypassed
func fips140_isBypassed() bool { return curg.bypass }

// fipsinfo is what a linker would fill in; zero means that the module's code was not summed.
//
//go:linkname fipsinfo go:fipsinfo
var fipsinfo struct {
	magic [16]byte
	sum   [32]byte
	self  uintptr
	sects [4]struct {
		start, end unsafe.Pointer
	}
}

// Data-independent timing is no mode of this machine.

//go:linkname dit_setEnabled crypto/subtle.setDITEnabled
func dit_setEnabled() bool { return false }

//go:linkname dit_setDisabled crypto/subtle.setDITDisabled
func dit_setDisabled() {}

//go:linkname coverage_getCovCounterList internal/coverage/cfile.getCovCounterList
func coverage_getCovCounterList() []rtcov.CovCounterBlob { return nil }
