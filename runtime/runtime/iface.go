// Interfaces: tables of methods for pairs of an interface and a concrete type, and the assertions that need them.
//
// Tables that the compiler makes are static. Those found out at run time go to a hash table that only grows; a table
// whose first code word is 0 records that the type does not implement the interface.

package runtime

import (
	"internal/abi"
	"internal/wasm"
	"unsafe"
)

var itabs struct {
	buckets []*abi.ITab // open addressing
	count   int
}

func itabSlot(buckets []*abi.ITab, inter *abi.InterfaceType, typ *abi.Type) **abi.ITab {
	mask := uintptr(len(buckets) - 1)
	h := uintptr(inter.Type.Hash^typ.Hash) * 0x9e3779b1 >> 7
	for {
		slot := &buckets[h&mask]
		if *slot == nil || (*slot).Inter == inter && (*slot).Type == typ {
			return slot
		}
		h++
	}
}

// getitab returns the table for the pair, or nil if a method is missing.
func getitab(inter *abi.InterfaceType, typ *abi.Type) *abi.ITab {
	if len(inter.Methods) == 0 {
		throw("internal error - misuse of itab")
	}
	if typ.TFlag&abi.TFlagUncommon == 0 {
		return nil
	}
	if len(itabs.buckets) == 0 {
		addStaticItabs()
	}
	slot := itabSlot(itabs.buckets, inter, typ)
	tab := *slot
	if tab == nil {
		tab = makeItab(inter, typ)
		addItab(tab)
	}
	if tab.Fun[0] == 0 {
		return nil
	}
	return tab
}

// addStaticItabs enters the compiler's tables, so that there is one table for each pair.
func addStaticItabs() {
	itabs.buckets = make([]*abi.ITab, 64)
	links := (*uint32)(wasm.Itabs())
	for _, address := range unsafe.Slice((*uint32)(unsafe.Add(unsafe.Pointer(links), 4)), *links) {
		addItab((*abi.ITab)(unsafe.Pointer(uintptr(address))))
	}
}

func addItab(tab *abi.ITab) {
	if itabs.count*4 >= len(itabs.buckets)*3 {
		grown := make([]*abi.ITab, len(itabs.buckets)*2)
		for _, old := range itabs.buckets {
			if old != nil {
				*itabSlot(grown, old.Inter, old.Type) = old
			}
		}
		itabs.buckets = grown
	}
	*itabSlot(itabs.buckets, tab.Inter, tab.Type) = tab
	itabs.count++
}

func makeItab(inter *abi.InterfaceType, typ *abi.Type) *abi.ITab {
	size := unsafe.Sizeof(abi.ITab{}) + uintptr(len(inter.Methods)-1)*unsafe.Sizeof(uintptr(0))
	// Descriptors that reflect made are kept alive by reflect's own caches.
	tab := (*abi.ITab)(metaAlloc(size))
	tab.Inter, tab.Type, tab.Hash = inter, typ, typ.Hash
	fillItab(tab)
	return tab
}

// fillItab enters the code words and returns the name of the first method that the type lacks.
func fillItab(tab *abi.ITab) (missing string) {
	inter, u := tab.Inter, tab.Type.Uncommon()
	if u == nil {
		return nameAt(inter.Methods[0].Name).Name()
	}
	methods := u.Methods()
	funs := unsafe.Slice(&tab.Fun[0], len(inter.Methods))
	var first uintptr
	// Both lists are ordered alike, so that one pass over the type's methods will do.
	j := 0
	for i := range inter.Methods {
		want := &inter.Methods[i]
		wantType, wantName := typeAt(want.Typ), nameAt(want.Name)
		name, path := wantName.Name(), namePkgPath(wantName)
		if path == "" {
			path = inter.PkgPath.Name()
		}
		for ; ; j++ {
			if j == len(methods) {
				tab.Fun[0] = 0
				return name
			}
			have := &methods[j]
			haveName := nameAt(have.Name)
			if typeAt(have.Mtyp) != wantType || haveName.Name() != name || !haveName.IsExported() && methodPackage(haveName, u) != path {
				continue
			}
			code := uintptr(uint32(have.Ifn))
			if have.Ifn == -1 {
				code = uintptr(unsafe.Pointer(reflect_resolveTextOff(nil, -1)))
			}
			if i == 0 {
				// Set last: a table counts as negative until it is complete.
				first = code
			} else {
				funs[i] = code
			}
			j++
			break
		}
	}
	tab.Fun[0] = first
	return ""
}

func methodPackage(name abi.Name, u *abi.UncommonType) string {
	if path := namePkgPath(name); path != "" {
		return path
	}
	return nameAt(u.PkgPath).Name()
}

func missingMethod(inter *abi.InterfaceType, typ *abi.Type) string {
	size := unsafe.Sizeof(abi.ITab{}) + uintptr(len(inter.Methods)-1)*unsafe.Sizeof(uintptr(0))
	tab := (*abi.ITab)(mallocgc(size, nil, true))
	tab.Inter, tab.Type = inter, typ
	return fillItab(tab)
}

// assertE2I is x.(I) for a dynamic type; it panics.
func assertE2I(inter *abi.InterfaceType, typ *abi.Type) *abi.ITab {
	if typ == nil {
		panic(&TypeAssertionError{nil, nil, &inter.Type, ""})
	}
	if tab := getitab(inter, typ); tab != nil {
		return tab
	}
	panic(&TypeAssertionError{concrete: typ, asserted: &inter.Type, missingMethod: missingMethod(inter, typ)})
}

// assertE2I2 is x.(I) with a second result: nil means no.
func assertE2I2(inter *abi.InterfaceType, typ *abi.Type) *abi.ITab {
	if typ == nil {
		return nil
	}
	return getitab(inter, typ)
}

// panicdottypeE ends x.(T) where x has another type than T.
func panicdottypeE(have, want, iface *abi.Type) {
	panic(&TypeAssertionError{iface, have, want, ""})
}

func panicdottypeI(have *abi.ITab, want, iface *abi.Type) {
	var typ *abi.Type
	if have != nil {
		typ = have.Type
	}
	panicdottypeE(typ, want, iface)
}

func panicnildottype(want *abi.Type) {
	panic(&TypeAssertionError{nil, nil, want, ""})
}

func storeIface(inter *abi.InterfaceType, e eface, dst unsafe.Pointer) {
	*(*iface)(dst) = iface{assertE2I(inter, e.typ), e.data}
}

//go:linkname reflect_ifaceE2I reflect.ifaceE2I
func reflect_ifaceE2I(inter *abi.InterfaceType, e eface, dst unsafe.Pointer) {
	storeIface(inter, e, dst)
}

//go:linkname reflectlite_ifaceE2I internal/reflectlite.ifaceE2I
func reflectlite_ifaceE2I(inter *abi.InterfaceType, e eface, dst unsafe.Pointer) {
	storeIface(inter, e, dst)
}

// staticuint64s are the boxes of single bytes.
//
//go:linkname staticuint64s
var staticuint64s = [256]uint64{
	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
	16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
	32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
	48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63,
	64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79,
	80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95,
	96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111,
	112, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127,
	128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 138, 139, 140, 141, 142, 143,
	144, 145, 146, 147, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159,
	160, 161, 162, 163, 164, 165, 166, 167, 168, 169, 170, 171, 172, 173, 174, 175,
	176, 177, 178, 179, 180, 181, 182, 183, 184, 185, 186, 187, 188, 189, 190, 191,
	192, 193, 194, 195, 196, 197, 198, 199, 200, 201, 202, 203, 204, 205, 206, 207,
	208, 209, 210, 211, 212, 213, 214, 215, 216, 217, 218, 219, 220, 221, 222, 223,
	224, 225, 226, 227, 228, 229, 230, 231, 232, 233, 234, 235, 236, 237, 238, 239,
	240, 241, 242, 243, 244, 245, 246, 247, 248, 249, 250, 251, 252, 253, 254, 255,
}

//go:linkname getStaticuint64s
func getStaticuint64s() *[256]uint64 { return &staticuint64s }

// zeroVal is what reading an absent map element, or the zero value of a type in an interface, may point to.
//
//go:linkname zeroVal
var zeroVal [abi.ZeroValSize]byte
