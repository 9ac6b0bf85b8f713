//go:build !go1.27

// The hash functions that 1.27 has in this package, for 1.26.

package maps

import "unsafe"

// hashkey belongs to the process.
var hashkey [4]uintptr

// AlgInit draws the keys; the runtime calls it before any map is used.
func AlgInit() {
	for i := range hashkey {
		hashkey[i] = uintptr(bootstrapRand())
	}
}

//go:linkname bootstrapRand runtime.bootstrapRand
func bootstrapRand() uint64

// MemHash hashes size bytes at p.
func MemHash(p unsafe.Pointer, seed, size uintptr) uintptr {
	return memHashFallback(p, seed, size)
}

// MemHash32 hashes a 32-bit value.
func MemHash32(k uint32, seed uintptr) uintptr {
	return memHash32Fallback(k, seed)
}

// MemHash64 hashes a 64-bit value.
func MemHash64(k uint64, seed uintptr) uintptr {
	return memHash64Fallback(k, seed)
}

// StrHash hashes a string's bytes.
func StrHash(s string, seed uintptr) uintptr {
	return memHashFallback(unsafe.Pointer(unsafe.StringData(s)), seed, uintptr(len(s)))
}
