// Slices and bulk moves of memory.

package runtime

import (
	"internal/abi"
	"internal/runtime/math"
	"internal/wasm"
	"unsafe"
)

type slice struct {
	array unsafe.Pointer
	len   int
	cap   int
}

func panicmakeslicelen() { panic(errorString("makeslice: len out of range")) }
func panicmakeslicecap() { panic(errorString("makeslice: cap out of range")) }

// arrayBytes is the size of n elements, and whether memory can hold that.
func arrayBytes(et *abi.Type, n int) (size uintptr, ok bool) {
	size, overflow := math.MulUintptr(et.Size_, uintptr(n))
	return size, !overflow && size <= maxAlloc && n >= 0
}

func makeslice(et *abi.Type, len, cap int) unsafe.Pointer {
	size, ok := arrayBytes(et, cap)
	if !ok || len < 0 || len > cap {
		// make([]T, n) complains about the length: nobody mentioned a capacity.
		if _, ok := arrayBytes(et, len); !ok {
			panicmakeslicelen()
		}
		panicmakeslicecap()
	}
	return mallocgc(size, et, true)
}

// makeslice64 is makeslice where int is narrower than 64 bits; here it is not.
func makeslice64(et *abi.Type, len64, cap64 int64) unsafe.Pointer {
	return makeslice(et, int(len64), int(cap64))
}

// makeslicecopy makes a slice of toLen elements whose first ones are copied.
func makeslicecopy(et *abi.Type, toLen, fromLen int, from unsafe.Pointer) unsafe.Pointer {
	size, ok := arrayBytes(et, toLen)
	if !ok {
		panicmakeslicelen()
	}
	copied := uintptr(min(fromLen, toLen)) * et.Size_
	to := mallocgc(size, et, false)
	if et.PtrBytes == 0 {
		wasm.Fill(unsafe.Add(to, copied), 0, size-copied)
	}
	wasm.Copy(to, from, copied)
	return to
}

// growslice makes room for num more elements than oldPtr's slice has. newLen is the length it will have then; oldCap is
// less than that.
//
//go:linkname growslice
func growslice(oldPtr unsafe.Pointer, newLen, oldCap, num int, et *abi.Type) slice {
	if newLen < 0 {
		panic(errorString("growslice: len out of range"))
	}
	if et.Size_ == 0 {
		return slice{unsafe.Pointer(&zerobase), newLen, newLen}
	}
	size, ok := arrayBytes(et, nextCap(newLen, oldCap))
	if !ok {
		panic(errorString("growslice: len out of range"))
	}
	newCap := roundupsize(size, et.PtrBytes == 0) / et.Size_
	size = newCap * et.Size_
	if size > maxAlloc {
		panic(errorString("growslice: len out of range"))
	}
	array := mallocgc(size, et, false)
	if et.PtrBytes == 0 {
		// What the new elements will cover needs no zeroes.
		covered := uintptr(newLen) * et.Size_
		wasm.Fill(unsafe.Add(array, covered), 0, size-covered)
	}
	wasm.Copy(array, oldPtr, uintptr(newLen-num)*et.Size_)
	return slice{array, newLen, int(newCap)}
}

// nextCap doubles small slices and approaches a growth by a quarter for large ones.
func nextCap(newLen, oldCap int) int {
	if newLen > 2*oldCap {
		return newLen
	}
	const small = 256
	if oldCap < small {
		return 2 * oldCap
	}
	newCap := oldCap
	for uint(newCap) < uint(newLen) {
		newCap += (newCap + 3*small) / 4
	}
	if newCap <= 0 {
		return newLen
	}
	return newCap
}

//go:linkname reflect_growslice reflect.growslice
func reflect_growslice(et *abi.Type, old slice, num int) slice {
	// Everything up to the capacity is kept.
	grown := growslice(old.array, num+old.len, old.cap, num+old.len-old.cap, et)
	if et.PtrBytes == 0 {
		kept := uintptr(old.cap) * et.Size_
		wasm.Fill(unsafe.Add(grown.array, kept), 0, uintptr(grown.len)*et.Size_-kept)
	}
	grown.len = old.len
	return grown
}

//go:linkname bytealg_MakeNoZero internal/bytealg.MakeNoZero
func bytealg_MakeNoZero(n int) []byte {
	if n < 0 || n > maxAlloc {
		panicmakeslicelen()
	}
	size := roundupsize(uintptr(n), true)
	return unsafe.Slice((*byte)(mallocgc(size, nil, false)), size)[:n]
}

// slicecopy is copy for elements of a given width.
func slicecopy(to unsafe.Pointer, toLen int, from unsafe.Pointer, fromLen int, width uintptr) int {
	n := min(toLen, fromLen)
	wasm.Copy(to, from, uintptr(n)*width)
	return n
}

//go:linkname memmove
func memmove(to, from unsafe.Pointer, n uintptr) { wasm.Copy(to, from, n) }

//go:linkname memclrNoHeapPointers
func memclrNoHeapPointers(p unsafe.Pointer, n uintptr) { wasm.Fill(p, 0, n) }

//go:linkname memclrHasPointers
func memclrHasPointers(p unsafe.Pointer, n uintptr) { wasm.Fill(p, 0, n) }

//go:linkname typedmemmove
func typedmemmove(typ *abi.Type, dst, src unsafe.Pointer) { wasm.Copy(dst, src, typ.Size_) }

//go:linkname typedmemclr
func typedmemclr(typ *abi.Type, p unsafe.Pointer) { wasm.Fill(p, 0, typ.Size_) }

//go:linkname typedslicecopy
func typedslicecopy(typ *abi.Type, dst unsafe.Pointer, dstLen int, src unsafe.Pointer, srcLen int) int {
	return slicecopy(dst, dstLen, src, srcLen, typ.Size_)
}

//go:linkname reflect_memmove reflect.memmove
func reflect_memmove(to, from unsafe.Pointer, n uintptr) { wasm.Copy(to, from, n) }

//go:linkname reflect_typedmemmove reflect.typedmemmove
func reflect_typedmemmove(typ *abi.Type, dst, src unsafe.Pointer) { wasm.Copy(dst, src, typ.Size_) }

//go:linkname reflectlite_typedmemmove internal/reflectlite.typedmemmove
func reflectlite_typedmemmove(typ *abi.Type, dst, src unsafe.Pointer) {
	wasm.Copy(dst, src, typ.Size_)
}

//go:linkname maps_typedmemmove internal/runtime/maps.typedmemmove
func maps_typedmemmove(typ *abi.Type, dst, src unsafe.Pointer) { wasm.Copy(dst, src, typ.Size_) }

//go:linkname maps_typedmemclr internal/runtime/maps.typedmemclr
func maps_typedmemclr(typ *abi.Type, p unsafe.Pointer) { wasm.Fill(p, 0, typ.Size_) }

//go:linkname reflect_typedmemclr reflect.typedmemclr
func reflect_typedmemclr(typ *abi.Type, p unsafe.Pointer) { wasm.Fill(p, 0, typ.Size_) }

//go:linkname reflect_typedmemclrpartial reflect.typedmemclrpartial
func reflect_typedmemclrpartial(typ *abi.Type, p unsafe.Pointer, off, size uintptr) {
	wasm.Fill(p, 0, size)
}

//go:linkname reflect_typedarrayclear reflect.typedarrayclear
func reflect_typedarrayclear(typ *abi.Type, p unsafe.Pointer, n int) {
	wasm.Fill(p, 0, typ.Size_*uintptr(n))
}

//go:linkname reflect_typedslicecopy reflect.typedslicecopy
func reflect_typedslicecopy(typ *abi.Type, dst, src slice) int {
	return slicecopy(dst.array, dst.len, src.array, src.len, typ.Size_)
}

// unsafeslice checks unsafe.Slice(ptr, n).
func unsafeslice(et *abi.Type, ptr unsafe.Pointer, n int) {
	if n < 0 {
		panicunsafeslicelen()
	}
	if et.Size_ == 0 && ptr == nil && n > 0 {
		panicunsafeslicenilptr()
	}
	size, overflow := math.MulUintptr(et.Size_, uintptr(n))
	if overflow || size > 1<<32-uintptr(ptr) {
		if ptr == nil {
			panicunsafeslicenilptr()
		}
		panicunsafeslicelen()
	}
	if ptr == nil && n > 0 {
		panicunsafeslicenilptr()
	}
}

func unsafeslice64(et *abi.Type, ptr unsafe.Pointer, n int64) { unsafeslice(et, ptr, int(n)) }

func unsafestring(ptr unsafe.Pointer, n int) {
	if n < 0 {
		panicunsafestringlen()
	}
	if uintptr(n) > 1<<32-uintptr(ptr) {
		if ptr == nil {
			panicunsafestringnilptr()
		}
		panicunsafestringlen()
	}
	if ptr == nil && n > 0 {
		panicunsafestringnilptr()
	}
}

func unsafestring64(ptr unsafe.Pointer, n int64) { unsafestring(ptr, int(n)) }

//go:linkname reflect_unsafeslice reflect.unsafeslice
func reflect_unsafeslice(et *abi.Type, ptr unsafe.Pointer, n int) { unsafeslice(et, ptr, n) }

func panicunsafeslicelen()     { panic(errorString("unsafe.Slice: len out of range")) }
func panicunsafeslicenilptr()  { panic(errorString("unsafe.Slice: ptr is nil and len is not zero")) }
func panicunsafestringlen()    { panic(errorString("unsafe.String: len out of range")) }
func panicunsafestringnilptr() { panic(errorString("unsafe.String: ptr is nil and len is not zero")) }
