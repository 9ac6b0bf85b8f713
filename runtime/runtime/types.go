// Type descriptors as the runtime reads them. NameOff, TypeOff and what reflect makes at run time are addresses in
// linear memory; TextOff is an index in the function table.

package runtime

import (
	"internal/abi"
	"internal/wasm"
	"unsafe"
)

type eface struct {
	typ  *abi.Type
	data unsafe.Pointer
}

type iface struct {
	tab  *abi.ITab
	data unsafe.Pointer
}

func efaceOf(e *any) *eface { return (*eface)(unsafe.Pointer(e)) }

func nameAt(off abi.NameOff) abi.Name {
	return abi.Name{Bytes: (*byte)(unsafe.Pointer(uintptr(uint32(off))))}
}

func typeAt(off abi.TypeOff) *abi.Type {
	return (*abi.Type)(unsafe.Pointer(uintptr(uint32(off))))
}

// typeString is the type as Go source says it, packages by their last element.
func typeString(typ *abi.Type) string {
	s := nameAt(typ.Str).Name()
	if typ.TFlag&abi.TFlagExtraStar != 0 {
		return s[1:]
	}
	return s
}

//go:linkname maps_typeString internal/runtime/maps.typeString
func maps_typeString(typ *abi.Type) string { return typeString(typ) }

// pkgPath is empty for predeclared types, and for unnamed ones but structures and interfaces.
func pkgPath(typ *abi.Type) string {
	if u := typ.Uncommon(); u != nil {
		return nameAt(u.PkgPath).Name()
	}
	switch typ.Kind() {
	case abi.Struct:
		return (*abi.StructType)(unsafe.Pointer(typ)).PkgPath.Name()
	case abi.Interface:
		return (*abi.InterfaceType)(unsafe.Pointer(typ)).PkgPath.Name()
	}
	return ""
}

// namePkgPath is the package of an unexported name if the name carries one.
func namePkgPath(n abi.Name) string {
	const carriesPackage = 1 << 2
	if n.Bytes == nil || *n.Bytes&carriesPackage == 0 {
		return ""
	}
	// Its offset stands behind the last string of the name, at any address: wasm loads from there as well.
	last := n.Name()
	if n.HasTag() {
		last = n.Tag()
	}
	offset := unsafe.Add(unsafe.Pointer(unsafe.StringData(last)), len(last))
	return nameAt(*(*abi.NameOff)(offset)).Name()
}

//go:linkname reflect_resolveNameOff reflect.resolveNameOff
func reflect_resolveNameOff(_ unsafe.Pointer, off int32) unsafe.Pointer {
	return unsafe.Pointer(uintptr(uint32(off)))
}

//go:linkname reflectlite_resolveNameOff internal/reflectlite.resolveNameOff
func reflectlite_resolveNameOff(_ unsafe.Pointer, off int32) unsafe.Pointer {
	return unsafe.Pointer(uintptr(uint32(off)))
}

//go:linkname reflect_resolveTypeOff reflect.resolveTypeOff
func reflect_resolveTypeOff(_ unsafe.Pointer, off int32) unsafe.Pointer {
	return resolveType(off)
}

//go:linkname reflectlite_resolveTypeOff internal/reflectlite.resolveTypeOff
func reflectlite_resolveTypeOff(_ unsafe.Pointer, off int32) unsafe.Pointer {
	return resolveType(off)
}

// resolveType: -1 stands for the type of a method that was left out.
func resolveType(off int32) unsafe.Pointer {
	if off == 0 || off == -1 {
		return nil
	}
	return unsafe.Pointer(uintptr(uint32(off)))
}

// reflect_resolveTextOff: reflect takes the result for a code word. The code word of methods that were left out belongs
// to unreachableMethod, as in the SDK.
//
//go:linkname reflect_resolveTextOff reflect.resolveTextOff
func reflect_resolveTextOff(_ unsafe.Pointer, off int32) unsafe.Pointer {
	if off == -1 {
		return unsafe.Pointer(uintptr(wasm.IdentOf(unreachableMethod)))
	}
	return unsafe.Pointer(uintptr(uint32(off)))
}

func unreachableMethod() {
	throw("unreachable method called. linker bug?")
}

// keptByOffset keeps alive what reflect refers to by offsets only.
var keptByOffset []unsafe.Pointer

//go:linkname reflect_addReflectOff reflect.addReflectOff
func reflect_addReflectOff(ptr unsafe.Pointer) int32 {
	if _, r, _ := findObject(uintptr(ptr)); r != nil {
		keptByOffset = append(keptByOffset, ptr)
	}
	return int32(uint32(uintptr(ptr)))
}

// typeLinks is the linker's table of types that reflect may find by their strings.
func typeLinks() []uint32 {
	table := wasm.TypeLinks()
	if table == nil {
		return nil
	}
	return unsafe.Slice((*uint32)(unsafe.Add(table, 4)), *(*uint32)(table))
}

//go:linkname reflect_typelinks reflect.typelinks
func reflect_typelinks() ([]unsafe.Pointer, [][]int32) {
	links := typeLinks()
	if len(links) == 0 {
		return nil, nil
	}
	// Offsets are relative to a section: address 0, so that they are addresses.
	offsets := make([]int32, len(links))
	for i, link := range links {
		offsets[i] = int32(link)
	}
	return []unsafe.Pointer{nil}, [][]int32{offsets}
}

//go:linkname reflect_compiledTypelinks reflect.compiledTypelinks
func reflect_compiledTypelinks() ([]*abi.Type, [][]*abi.Type) {
	links := typeLinks()
	types := make([]*abi.Type, len(links))
	for i, link := range links {
		types[i] = (*abi.Type)(unsafe.Pointer(uintptr(link)))
	}
	return types, nil
}

//go:linkname reflect_adjustAIXGCDataForRuntime reflect.adjustAIXGCDataForRuntime
func reflect_adjustAIXGCDataForRuntime(mask *byte) *byte { return mask }

// reflect_verifyNotInHeapPtr reports whether p may be the value of a pointer to memory outside the heap.
//
//go:linkname reflect_verifyNotInHeapPtr reflect.verifyNotInHeapPtr
func reflect_verifyNotInHeapPtr(p uintptr) bool {
	return findRun(p) == nil && p != ^uintptr(0)
}
