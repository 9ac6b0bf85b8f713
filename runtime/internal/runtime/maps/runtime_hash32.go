// Hashes of memory, 64 bits wide. wasm has no instruction for 128-bit products, so what mixes is the 64-bit product of a
// word's two halves, each under a key of the process: which differences of inputs cancel depends on the keys, which is
// what keeps programs safe from inputs made to collide. (Multiplying the word itself by a secret odd number would not:
// a difference in its top bit stays one, whatever the number.)
//
// The file bears the name of the one that the SDK has for 32-bit machines and wasm.

package maps

import "unsafe"

// mix spreads every bit of h over all of the result, and maps no two values to one.
func mix(h uintptr) uintptr {
	h ^= h >> 32
	h *= hashkey[1] | 1
	h ^= h >> 29
	h *= hashkey[2] | 1
	return h ^ h>>32
}

// step takes one more word into a lane.
func step(lane, word uintptr) uintptr {
	x := lane ^ word
	product := (x&0xffffffff ^ hashkey[1]>>32) * (x>>32 ^ hashkey[2]>>32)
	return product + (x<<23 | x>>41)
}

func load(p unsafe.Pointer, offset uintptr) uintptr {
	return *(*uintptr)(unsafe.Add(p, offset))
}

func memHash32Fallback(k uint32, seed uintptr) uintptr {
	return mix(seed ^ hashkey[0] ^ uintptr(k)*0x9e3779b97f4a7c15)
}

func memHash64Fallback(k uint64, seed uintptr) uintptr {
	return mix(seed ^ hashkey[0] ^ uintptr(k)*0x9e3779b97f4a7c15)
}

// memHashFallback takes sixteen bytes at a time, in two lanes. The tail is the last eight bytes, overlapping what was
// taken; shorter inputs are read as overlapping halves, so that no loop runs over single bytes.
func memHashFallback(p unsafe.Pointer, seed, size uintptr) uintptr {
	h := (seed ^ hashkey[0]) + size*(hashkey[3]|1)
	if size >= 8 {
		other := h ^ hashkey[3]
		i := uintptr(0)
		for ; i+16 < size; i += 16 {
			h = step(h, load(p, i))
			other = step(other, load(p, i+8))
		}
		if i+8 < size {
			h = step(h, load(p, i))
		}
		return mix(step(h, step(other, load(p, size-8))))
	}
	var tail uintptr
	switch {
	case size >= 4:
		tail = uintptr(*(*uint32)(p)) | uintptr(*(*uint32)(unsafe.Add(p, size-4)))<<32
	case size > 0:
		tail = uintptr(*(*byte)(p)) | uintptr(*(*byte)(unsafe.Add(p, size>>1)))<<8 | uintptr(*(*byte)(unsafe.Add(p, size-1)))<<16
	}
	return mix(h ^ tail*0x9e3779b97f4a7c15)
}
