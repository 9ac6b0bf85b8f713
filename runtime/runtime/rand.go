// Random numbers: ChaCha8 for what programs see and for hash keys, a small generator for choices of the scheduler.

package runtime

import (
	"internal/chacha8rand"
	"unsafe"
)

var random struct {
	seeded bool
	state  chacha8rand.State
	cheap  uint64
}

//go:linkname rand
func rand() uint64 {
	if !random.seeded {
		random.seeded = true
		var seed [32]byte
		readRandom(seed[:])
		random.state.Init(seed)
	}
	for {
		if x, ok := random.state.Next(); ok {
			return x
		}
		random.state.Refill()
	}
}

//go:linkname bootstrapRand
func bootstrapRand() uint64 {
	var x uint64
	readRandom(unsafe.Slice((*byte)(unsafe.Pointer(&x)), 8))
	return x
}

//go:linkname maps_rand internal/runtime/maps.rand
func maps_rand() uint64 { return rand() }

// cheaprand is xorshift64*.
//
//go:linkname cheaprand
func cheaprand() uint32 {
	x := random.cheap
	if x == 0 {
		x = bootstrapRand() | 1
	}
	x ^= x >> 12
	x ^= x << 25
	x ^= x >> 27
	random.cheap = x
	return uint32(x * 0x2545f4914f6cdd1d >> 32)
}

//go:linkname cheaprandn
func cheaprandn(n uint32) uint32 { return uint32(uint64(cheaprand()) * uint64(n) >> 32) }

//go:linkname randn sync.runtime_randn
func randn(n uint32) uint32 { return uint32(uint64(uint32(rand())) * uint64(n) >> 32) }

//go:linkname legacy_fastrand runtime.fastrand
func legacy_fastrand() uint32 { return uint32(rand()) }

//go:linkname legacy_fastrandn runtime.fastrandn
func legacy_fastrandn(n uint32) uint32 { return randn(n) }

//go:linkname legacy_fastrand64 runtime.fastrand64
func legacy_fastrand64() uint64 { return rand() }
