// Hashing and comparing values by their types.
//
// The functions that map types carry are made by the compiler out of those here. Hashes of values that are equal must be
// equal: +0 and -0 hash alike; NaN, which equals nothing, hashes to something new each time.

package runtime

import (
	"internal/abi"
	"internal/runtime/maps"
	"unsafe"
)

//go:linkname memhash
func memhash(p unsafe.Pointer, seed, size uintptr) uintptr { return maps.MemHash(p, seed, size) }

func memhash0(p unsafe.Pointer, seed uintptr) uintptr { return seed }
func memhash8(p unsafe.Pointer, seed uintptr) uintptr {
	return maps.MemHash32(uint32(*(*uint8)(p)), seed)
}
func memhash16(p unsafe.Pointer, seed uintptr) uintptr {
	return maps.MemHash32(uint32(*(*uint16)(p)), seed)
}
func memhash128(p unsafe.Pointer, seed uintptr) uintptr {
	return maps.MemHash(p, seed, 16)
}

//go:linkname memhash32
func memhash32(p unsafe.Pointer, seed uintptr) uintptr { return maps.MemHash32(*(*uint32)(p), seed) }

//go:linkname memhash64
func memhash64(p unsafe.Pointer, seed uintptr) uintptr { return maps.MemHash64(*(*uint64)(p), seed) }

//go:linkname strhash
func strhash(p unsafe.Pointer, seed uintptr) uintptr { return maps.StrHash(*(*string)(p), seed) }

func f32hash(p unsafe.Pointer, seed uintptr) uintptr { return floatHash(float64(*(*float32)(p)), seed) }
func f64hash(p unsafe.Pointer, seed uintptr) uintptr { return floatHash(*(*float64)(p), seed) }

func floatHash(f float64, seed uintptr) uintptr {
	switch {
	case f == 0:
		return maps.MemHash64(0, seed)
	case f != f:
		return maps.MemHash64(rand(), seed)
	}
	return maps.MemHash64(*(*uint64)(unsafe.Pointer(&f)), seed)
}

func c64hash(p unsafe.Pointer, seed uintptr) uintptr {
	parts := (*[2]float32)(p)
	return floatHash(float64(parts[1]), floatHash(float64(parts[0]), seed))
}

func c128hash(p unsafe.Pointer, seed uintptr) uintptr {
	parts := (*[2]float64)(p)
	return floatHash(parts[1], floatHash(parts[0], seed))
}

func interhash(p unsafe.Pointer, seed uintptr) uintptr {
	i := (*iface)(p)
	if i.tab == nil {
		return seed
	}
	return boxedHash(i.tab.Type, i.data, seed)
}

//go:linkname nilinterhash
func nilinterhash(p unsafe.Pointer, seed uintptr) uintptr {
	e := (*eface)(p)
	if e.typ == nil {
		return seed
	}
	return boxedHash(e.typ, e.data, seed)
}

// boxedHash hashes what an interface value holds.
func boxedHash(typ *abi.Type, data unsafe.Pointer, seed uintptr) uintptr {
	if typ.Equal == nil {
		panic(errorString("hash of unhashable type " + typeString(typ)))
	}
	if typ.IsDirectIface() {
		return typehash(typ, unsafe.Pointer(&data), seed)
	}
	return typehash(typ, data, seed)
}

// typehash hashes a value by its type's structure.
//
//go:linkname typehash
func typehash(typ *abi.Type, p unsafe.Pointer, seed uintptr) uintptr {
	if typ.TFlag&abi.TFlagRegularMemory != 0 {
		switch typ.Size_ {
		case 4:
			return memhash32(p, seed)
		case 8:
			return memhash64(p, seed)
		}
		return memhash(p, seed, typ.Size_)
	}
	switch typ.Kind() {
	case abi.Float32:
		return f32hash(p, seed)
	case abi.Float64:
		return f64hash(p, seed)
	case abi.Complex64:
		return c64hash(p, seed)
	case abi.Complex128:
		return c128hash(p, seed)
	case abi.String:
		return strhash(p, seed)
	case abi.Interface:
		if len((*abi.InterfaceType)(unsafe.Pointer(typ)).Methods) == 0 {
			return nilinterhash(p, seed)
		}
		return interhash(p, seed)
	case abi.Array:
		array := (*abi.ArrayType)(unsafe.Pointer(typ))
		for i := uintptr(0); i < array.Len; i++ {
			seed = typehash(array.Elem, unsafe.Add(p, i*array.Elem.Size_), seed)
		}
		return seed
	case abi.Struct:
		h := hasher{base: p, seed: seed}
		h.addFields(typ, 0)
		h.flush()
		return h.seed
	}
	// Comparable kinds that are not regular memory are all above.
	panic(errorString("hash of unhashable type " + typeString(typ)))
}

// A hasher goes through the parts of a structure as compiled hash functions do, which hash plain memory in runs that
// extend over fields: a map that reflect makes may be used as one of a type that is compiled.
type hasher struct {
	base unsafe.Pointer
	seed uintptr
	// Parts so far, the present run left out; with no base they are only counted.
	parts int
	// The present run; empty if there is none.
	start, end uintptr
}

// Structures within structures are taken apart as long as they have no more parts than this.
const maxInlineParts = 16

func (h *hasher) addFields(typ *abi.Type, offset uintptr) {
	fields := (*abi.StructType)(unsafe.Pointer(typ)).Fields
	for i := range fields {
		if !fields[i].Name.IsBlank() {
			h.add(fields[i].Typ, offset+fields[i].Offset)
		}
	}
}

func (h *hasher) add(typ *abi.Type, offset uintptr) {
	if typ.TFlag&abi.TFlagRegularMemory != 0 {
		if typ.Size_ == 0 {
			return
		}
		if h.start == h.end || h.end != offset {
			h.flush()
			h.start = offset
		}
		h.end = offset + typ.Size_
		return
	}
	parts := 1
	switch typ.Kind() {
	case abi.Struct:
		var counter hasher
		counter.addFields(typ, 0)
		counter.flush()
		parts = counter.parts
		if parts <= maxInlineParts {
			h.addFields(typ, offset)
			return
		}
	case abi.Array:
		array := (*abi.ArrayType)(unsafe.Pointer(typ))
		if array.Len <= 1 {
			if array.Len == 1 {
				h.add(array.Elem, offset)
			}
			return
		}
	case abi.Complex64, abi.Complex128:
		parts = 2
	}
	h.flush()
	h.parts += parts
	if h.base != nil {
		h.seed = typehash(typ, unsafe.Add(h.base, offset), h.seed)
	}
}

func (h *hasher) flush() {
	if h.start == h.end {
		return
	}
	h.parts++
	if h.base != nil {
		p := unsafe.Add(h.base, h.start)
		switch size := h.end - h.start; size {
		case 4:
			h.seed = memhash32(p, h.seed)
		case 8:
			h.seed = memhash64(p, h.seed)
		default:
			h.seed = memhash(p, h.seed, size)
		}
	}
	h.start, h.end = 0, 0
}

//go:linkname reflect_typehash reflect.typehash
func reflect_typehash(typ *abi.Type, p unsafe.Pointer, seed uintptr) uintptr {
	return typehash(typ, p, seed)
}

// The Equal functions of predeclared types' descriptors.
func memequal0(p, q unsafe.Pointer) bool   { return true }
func memequal8(p, q unsafe.Pointer) bool   { return *(*uint8)(p) == *(*uint8)(q) }
func memequal16(p, q unsafe.Pointer) bool  { return *(*uint16)(p) == *(*uint16)(q) }
func memequal32(p, q unsafe.Pointer) bool  { return *(*uint32)(p) == *(*uint32)(q) }
func memequal64(p, q unsafe.Pointer) bool  { return *(*uint64)(p) == *(*uint64)(q) }
func memequal128(p, q unsafe.Pointer) bool { return *(*[2]uint64)(p) == *(*[2]uint64)(q) }
func f32equal(p, q unsafe.Pointer) bool    { return *(*float32)(p) == *(*float32)(q) }
func f64equal(p, q unsafe.Pointer) bool    { return *(*float64)(p) == *(*float64)(q) }
func c64equal(p, q unsafe.Pointer) bool    { return *(*complex64)(p) == *(*complex64)(q) }
func c128equal(p, q unsafe.Pointer) bool   { return *(*complex128)(p) == *(*complex128)(q) }
func strequal(p, q unsafe.Pointer) bool    { return *(*string)(p) == *(*string)(q) }

func interequal(p, q unsafe.Pointer) bool {
	x, y := *(*iface)(p), *(*iface)(q)
	return x.tab == y.tab && ifaceeq(x.tab, x.data, y.data)
}

func nilinterequal(p, q unsafe.Pointer) bool {
	x, y := *(*eface)(p), *(*eface)(q)
	return x.typ == y.typ && efaceeq(x.typ, x.data, y.data)
}

// efaceeq compares the data words of two interface values of one dynamic type.
func efaceeq(typ *abi.Type, x, y unsafe.Pointer) bool {
	if typ == nil {
		return true
	}
	if typ.Equal == nil {
		panic(errorString("comparing uncomparable type " + typeString(typ)))
	}
	if typ.IsDirectIface() {
		// Pointers, channels, and structs or arrays of one.
		return x == y
	}
	return typ.Equal(x, y)
}

func ifaceeq(tab *abi.ITab, x, y unsafe.Pointer) bool {
	if tab == nil {
		return true
	}
	return efaceeq(tab.Type, x, y)
}

// memequal and cmpstring have their bodies in internal/bytealg.
//
//go:linkname memequal
func memequal(p, q unsafe.Pointer, size uintptr) bool

//go:linkname memequal_varlen
func memequal_varlen(p, q unsafe.Pointer) bool

//go:linkname cmpstring
func cmpstring(a, b string) int
