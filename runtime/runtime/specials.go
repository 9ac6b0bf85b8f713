// What is attached to objects from outside: finalizers, cleanups, weak pointers.
//
// A table from addresses to records. The table and its records are ordinary objects, so that what a record needs to
// run stays alive; the address of its object is a number, which keeps nothing alive, so who makes a record holds on to
// the object (KeepAlive) until the record is in the table: allocating it may collect. A collection passes over all
// records twice: before the end of marking, for what finalizers must find intact, and after it, to see who died.
//
// As documented: weak pointers become nil as soon as their object is unreachable, even if a finalizer revives it. A
// finalizer's object is not kept by itself but all it points to is, so of objects that point to each other the outermost
// is finalized first. Cleanups run once the object is gone for good.

package runtime

import (
	"internal/abi"
	"internal/wasm"
	"unsafe"
)

type specialKind uint8

const (
	finalizerSpecial specialKind = iota
	cleanupSpecial
	weakSpecial
	bubbleSpecial // of synctest.go
)

type special struct {
	next   *special
	object uintptr
	kind   specialKind

	// Finalizers: the func value, what it takes, and how the object is passed.
	fn        unsafe.Pointer
	fnType    *abi.FuncType
	param     *abi.Type
	ptrType   *abi.Type
	frameSize uintptr
	// Finalizers on their way: the object, which lives again.
	revived unsafe.Pointer

	// Cleanups.
	id  uint64
	run func()

	// Weak pointers: the cell that they share.
	cell *uintptr

	bubble *bubble
}

var specials struct {
	buckets []*special
	count   int
	lastID  uint64
	// Finalizers and cleanups to be run, oldest first.
	queue, queueEnd *special
	// The goroutine that runs them: parked when there is nothing to do.
	runner        *g
	runnerStarted bool
}

func specialBucket(object uintptr) **special {
	s := &specials.buckets[(object>>3*0x9e3779b97f4a7c15)>>32&uintptr(len(specials.buckets)-1)]
	return s
}

func findSpecial(object uintptr, kind specialKind) *special {
	if specials.count == 0 {
		return nil
	}
	for s := *specialBucket(object); s != nil; s = s.next {
		if s.object == object && s.kind == kind {
			return s
		}
	}
	return nil
}

func addSpecial(s *special) {
	if specials.count >= len(specials.buckets) {
		old := specials.buckets
		specials.buckets = make([]*special, max(64, 2*len(old)))
		for _, s := range old {
			for s != nil {
				next := s.next
				linkSpecial(s)
				s = next
			}
		}
	}
	specials.count++
	linkSpecial(s)
}

func linkSpecial(s *special) {
	bucket := specialBucket(s.object)
	s.next = *bucket
	*bucket = s
}

// removeSpecials unlinks all records of an object that `remove` picks.
func removeSpecials(object uintptr, remove func(*special) bool) {
	if specials.count == 0 {
		return
	}
	for link := specialBucket(object); *link != nil; {
		if s := *link; s.object == object && remove(s) {
			*link = s.next
			specials.count--
		} else {
			link = &s.next
		}
	}
}

// markForFinalizers marks what finalizers' objects point to.
func markForFinalizers() {
	for _, s := range specials.buckets {
		for ; s != nil; s = s.next {
			if s.kind == finalizerSpecial {
				scanObjectAt(s.object)
			}
		}
	}
}

// finishSpecials deals with the dead when marking is done. It does not allocate.
func finishSpecials() {
	takeDead(weakSpecial, func(s *special) { *s.cell = 0 })
	takeDead(finalizerSpecial, func(s *special) {
		s.revived = unsafe.Pointer(s.object)
		enqueueSpecial(s)
	})
	for s := specials.queue; s != nil; s = s.next {
		// The queue itself is marked; what it brought back to life is not.
		markPointer(s.revived)
	}
	drain()
	takeDead(cleanupSpecial, enqueueSpecial)
	takeDead(bubbleSpecial, func(*special) {})
}

func takeDead(kind specialKind, take func(*special)) {
	for i := range specials.buckets {
		for link := &specials.buckets[i]; *link != nil; {
			s := *link
			if s.kind != kind || isMarked(s.object) {
				link = &s.next
				continue
			}
			*link = s.next
			specials.count--
			s.next = nil
			take(s)
		}
	}
}

func enqueueSpecial(s *special) {
	s.next = nil
	if specials.queueEnd == nil {
		specials.queue = s
	} else {
		specials.queueEnd.next = s
	}
	specials.queueEnd = s
}

// startFinalizers lets the runner go on if there is work. A module with a single goroutine has no runner: nothing
// promises that finalizers run.
func startFinalizers() {
	if specials.queue == nil || !wasm.Goroutines() {
		return
	}
	if !specials.runnerStarted {
		specials.runnerStarted = true
		newSystemGoroutine(runFinalizers)
	} else if runner := specials.runner; runner != nil {
		specials.runner = nil
		ready(runner)
	}
}

func runFinalizers() {
	for {
		s := specials.queue
		if s == nil {
			specials.runner = getg()
			park(waitFinalizer)
			continue
		}
		specials.queue = s.next
		if s.next == nil {
			specials.queueEnd = nil
		}
		if s.kind == cleanupSpecial {
			s.run()
			continue
		}
		s.finalize()
	}
}

// finalize calls a finalizer with its object.
func (s *special) finalize() {
	frame := unsafe.Pointer(unsafe.SliceData(make([]unsafe.Pointer, (s.frameSize+7)/8)))
	object := s.revived
	s.revived = nil
	switch s.param.Kind() {
	case abi.Pointer:
		*(*unsafe.Pointer)(frame) = object
	case abi.Interface:
		inter := (*abi.InterfaceType)(unsafe.Pointer(s.param))
		if len(inter.Methods) == 0 {
			*(*eface)(frame) = eface{s.ptrType, object}
		} else {
			*(*iface)(frame) = iface{assertE2I(inter, s.ptrType), object}
		}
	default:
		throw("bad type kind for finalizer")
	}
	// The compiler sees to it that the types of finalizers have what this needs.
	if !wasm.CallFrame(s.fnType, *(*uintptr)(s.fn), s.fn, frame) {
		throw("runtime: finalizer of unknown type")
	}
}

// SetFinalizer sets the finalizer of obj, a pointer to an object allocated by new, a composite literal or a local
// variable's address: a function that takes the pointer and runs some time after obj became unreachable. A nil
// finalizer takes the present one away.
//
//go:noinline
func SetFinalizer(obj any, finalizer any) {
	e := efaceOf(&obj)
	if e.typ == nil {
		throw("runtime.SetFinalizer: first argument is nil")
	}
	if e.typ.Kind() != abi.Pointer {
		throw("runtime.SetFinalizer: first argument is " + typeString(e.typ) + ", not pointer")
	}
	elem := e.typ.Elem()
	if e.data == nil {
		throw("nil elem type!")
	}
	object := uintptr(e.data)
	base, r, _ := findObject(object)
	if r == nil {
		if object >= blocks.start {
			throw("runtime.SetFinalizer: pointer not in allocated block")
		}
		// Static data never dies.
		return
	}
	if base != object {
		throw("runtime.SetFinalizer: pointer not at beginning of allocated block")
	}
	f := efaceOf(&finalizer)
	if f.typ == nil {
		removeSpecials(object, func(s *special) bool { return s.kind == finalizerSpecial })
		return
	}
	if f.typ.Kind() != abi.Func {
		throw("runtime.SetFinalizer: second argument is " + typeString(f.typ) + ", not a function")
	}
	ft := (*abi.FuncType)(unsafe.Pointer(f.typ))
	if ft.IsVariadic() || ft.NumIn() != 1 || !finalizerTakes(ft.In(0), e.typ, elem) {
		refusal := "runtime.SetFinalizer: cannot pass " + typeString(e.typ) + " to finalizer " + typeString(f.typ)
		if ft.IsVariadic() {
			refusal += " because dotdotdot"
		}
		throw(refusal)
	}
	if findSpecial(object, finalizerSpecial) != nil {
		throw("runtime.SetFinalizer: finalizer already set")
	}
	frameSize := (ft.In(0).Size_ + 7) &^ 7
	for _, result := range ft.OutSlice() {
		align := uintptr(result.Align_)
		frameSize = (frameSize+align-1)&^(align-1) + result.Size_
	}
	addSpecial(&special{
		object: object, kind: finalizerSpecial, fn: f.data, fnType: ft, param: ft.In(0), ptrType: e.typ,
		frameSize: frameSize,
	})
	KeepAlive(obj)
}

func finalizerTakes(param, ptr, elem *abi.Type) bool {
	switch {
	case param == ptr:
		return true
	case param.Kind() == abi.Pointer:
		// Assignable because one of the two types is not named.
		return (param.Uncommon() == nil || ptr.Uncommon() == nil) && param.Elem() == elem
	case param.Kind() == abi.Interface:
		inter := (*abi.InterfaceType)(unsafe.Pointer(param))
		return len(inter.Methods) == 0 || assertE2I2(inter, ptr) != nil
	}
	return false
}

// KeepAlive marks its argument as reachable up to the call. The compiler replaces calls by an instruction, this one too;
// the function itself is what func values call.
func KeepAlive(x any) {
	KeepAlive(x)
}

// A Cleanup is a handle of a cleanup call.
type Cleanup struct {
	id uint64
	// The complement of the object's address, which the collector would take for a pointer where it looks at all words.
	hidden uintptr
}

// AddCleanup makes cleanup(arg) run some time after ptr became unreachable. A pointer has any number of cleanups.
func AddCleanup[T, S any](ptr *T, cleanup func(S), arg S) Cleanup {
	if ptr == nil {
		panic("runtime.AddCleanup: ptr is nil")
	}
	argType := abi.TypeFor[S]()
	if argType.Kind() == abi.Pointer && *(*unsafe.Pointer)(unsafe.Pointer(&arg)) == unsafe.Pointer(ptr) {
		panic("runtime.AddCleanup: ptr is equal to arg, cleanup will never run")
	}
	return addCleanup(unsafe.Pointer(ptr), func() { cleanup(arg) })
}

// Code generation knows addCleanup and SetFinalizer by name: who calls them has a goroutine for what they register.
//
//go:noinline
func addCleanup(ptr unsafe.Pointer, run func()) Cleanup {
	address := uintptr(ptr)
	base, r, _ := findObject(address)
	if r == nil {
		if address >= blocks.start {
			panic("runtime.AddCleanup: ptr not in allocated block")
		}
		return Cleanup{}
	}
	specials.lastID++
	id := specials.lastID
	addSpecial(&special{object: base, kind: cleanupSpecial, id: id, run: run})
	KeepAlive(ptr)
	return Cleanup{id, ^base}
}

// Stop cancels the cleanup call unless it is queued already.
func (c Cleanup) Stop() {
	if c.id != 0 {
		removeSpecials(^c.hidden, func(s *special) bool { return s.kind == cleanupSpecial && s.id == c.id })
	}
}

// internal_weak_runtime_registerWeakPointer returns the cell that all weak pointers to an address share: its address
// while the object lives, then 0.
//
//go:linkname internal_weak_runtime_registerWeakPointer weak.runtime_registerWeakPointer
func internal_weak_runtime_registerWeakPointer(p unsafe.Pointer) unsafe.Pointer {
	if s := findSpecial(uintptr(p), weakSpecial); s != nil {
		return unsafe.Pointer(s.cell)
	}
	cell := new(uintptr)
	*cell = uintptr(p)
	addSpecial(&special{object: uintptr(p), kind: weakSpecial, cell: cell})
	KeepAlive(p)
	return unsafe.Pointer(cell)
}

//go:linkname internal_weak_runtime_makeStrongFromWeak weak.runtime_makeStrongFromWeak
func internal_weak_runtime_makeStrongFromWeak(cell unsafe.Pointer) unsafe.Pointer {
	if cell == nil {
		return nil
	}
	return unsafe.Pointer(*(*uintptr)(cell))
}

// A Pinner is a set of objects that collections do not move or free. Nothing moves here: it keeps them reachable.
type Pinner struct {
	*pinner
}

type pinner struct {
	pinned []any
}

// Pin pins what pointer points to.
func (p *Pinner) Pin(pointer any) {
	e := efaceOf(&pointer)
	if e.typ == nil {
		panic(errorString("runtime.Pinner: argument is nil"))
	}
	if kind := e.typ.Kind(); kind != abi.Pointer && kind != abi.UnsafePointer {
		panic(errorString("runtime.Pinner: argument is not a pointer: " + typeString(e.typ)))
	}
	if p.pinner == nil {
		p.pinner = new(pinner)
	}
	p.pinned = append(p.pinned, pointer)
}

// Unpin unpins all.
func (p *Pinner) Unpin() {
	if p.pinner != nil {
		p.pinned = nil
	}
}
