// Hashes of memory, 64 bits wide by 64-bit multiplication (wasm has no instruction for 128-bit products). The keys of
// the process, made odd, are multipliers; a shift after each product brings the well-mixed high half down.
//
// The file bears the name of the one that the SDK has for 32-bit machines and wasm.

package maps

import "unsafe"

func mix(h uintptr) uintptr {
	h ^= h >> 32
	h *= (hashkey[1] | 1)
	h ^= h >> 29
	h *= (hashkey[2] | 1)
	return h ^ h>>32
}

func word(p unsafe.Pointer, offset uintptr) uintptr {
	return *(*uintptr)(unsafe.Add(p, offset))
}

func memHash32Fallback(k uint32, seed uintptr) uintptr {
	return mix(seed ^ hashkey[0] ^ uintptr(k)*0x9e3779b97f4a7c15)
}

func memHash64Fallback(k uint64, seed uintptr) uintptr {
	return mix(seed ^ hashkey[0] ^ uintptr(k)*0x9e3779b97f4a7c15)
}

// memHashFallback folds in sixteen bytes at a time as two lanes. The tail is the last eight bytes, overlapping what was
// hashed; shorter inputs are read as two overlapping halves, so that no loop runs over single bytes.
func memHashFallback(p unsafe.Pointer, seed, size uintptr) uintptr {
	h := seed ^ hashkey[0] + size*(hashkey[3]|1)
	if size >= 8 {
		other := h ^ hashkey[3]
		i := uintptr(0)
		for ; i+16 < size; i += 16 {
			h = (h ^ word(p, i)) * (hashkey[1] | 1)
			other = (other ^ word(p, i+8)) * (hashkey[2] | 1)
			h ^= h >> 32
			other ^= other >> 32
		}
		if i+8 < size {
			h = (h ^ word(p, i)) * (hashkey[1] | 1)
			h ^= h >> 32
		}
		other = (other ^ word(p, size-8)) * (hashkey[2] | 1)
		other ^= other >> 32
		return mix(h + other<<1)
	}
	var tail uintptr
	switch {
	case size >= 4:
		tail = uintptr(*(*uint32)(p)) | uintptr(*(*uint32)(unsafe.Add(p, size-4)))<<32
	case size > 0:
		tail = uintptr(*(*byte)(p)) | uintptr(*(*byte)(unsafe.Add(p, size>>1)))<<8 | uintptr(*(*byte)(unsafe.Add(p, size-1)))<<16
	}
	return mix((h ^ tail) * 0x9e3779b97f4a7c15)
}
