// Calls of compiled code by reflection, and compiled code's calls of functions that reflection has made.
//
// Arguments and results lie in memory frames, as for the SDK's wasm port: receiver word, parameters, results from the
// next word on. Compiled code passes scalars instead. So in a program that needs it the compiler puts two words behind
// the descriptor of each func type (wasm.FrameWords): a function that calls with a frame, and the code word of functions
// that pass a frame on. Func types made at run time have neither. Compiled code cannot call their functions, which were
//
//	made by MakeFunc                 their records hold what is to be called
//	found by Type.Method(i).Func     the method has a func type of its own, which the compiler knows

package reflect

import (
	"internal/abi"
	"internal/goarch"
	"internal/wasm"
	"sync"
	"unsafe"
)

// frameFunc is the record of a func value that gets its arguments in a frame.
type frameFunc struct {
	code   uintptr
	invoke func(frame unsafe.Pointer)
}

// frameType is the layout of a call's frame, and whose it is.
type frameType struct {
	abi.Type
	fn          *funcType
	hasReceiver bool
}

// call is what Value.call ends in. fn points to a code word: that of a func value, or of a method.
func call(frame *abi.Type, fn, args unsafe.Pointer, _, _, _ uint32, _ *abi.RegArgs) {
	ft := (*frameType)(unsafe.Pointer(frame))
	code := *(*uintptr)(fn)
	if !ft.hasReceiver {
		callFrame(ft.fn, code, fn, args)
		return
	}
	// What follows the receiver word lies as if that were not there: nothing is aligned to more than a word.
	callFrame(ft.fn, code, *(*unsafe.Pointer)(args), unsafe.Add(args, goarch.PtrSize))
}

func callFrame(t *funcType, code uintptr, context, frame unsafe.Pointer) {
	wasm.NeedFrameCalls()
	switch {
	case wasm.CallFrame(t, code, context, frame):
	case code == dynamicCode():
		(*frameFunc)(context).invoke(frame)
	default:
		callMethodFunc(t, code, frame)
	}
}

// callMethodFunc calls what Type.Method(i).Func holds: the code of a method as a function of its receiver. It is called
// as a method, whose func type the compiler knows.
func callMethodFunc(t *funcType, code uintptr, frame unsafe.Pointer) {
	rcvr := t.In(0)
	method := methodWithCode(rcvr, code)
	mt := (*funcType)(unsafe.Pointer(typeOffFor(rcvr, method.Mtyp)))
	code = uintptr(textOffFor(rcvr, method.Ifn))
	word := frame
	if rcvr.IsDirectIface() {
		word = *(*unsafe.Pointer)(frame)
	}
	if rcvr.Size()%goarch.PtrSize == 0 {
		callFrame(mt, code, word, unsafe.Add(frame, rcvr.Size()))
		return
	}
	layout, _, abid := funcLayout(mt, nil)
	inner := unsafe.Pointer(nil)
	if layout.Size() != 0 {
		inner = unsafe_New(layout)
	}
	from, to := rcvr.Size(), uintptr(0)
	for _, in := range mt.InSlice() {
		from, to = align(from, uintptr(in.Align())), align(to, uintptr(in.Align()))
		typedmemmove(in, unsafe.Add(inner, to), unsafe.Add(frame, from))
		from, to = from+in.Size(), to+in.Size()
	}
	callFrame(mt, code, word, inner)
	from, to = abid.retOffset, align(from, goarch.PtrSize)
	for _, out := range mt.OutSlice() {
		from, to = align(from, uintptr(out.Align())), align(to, uintptr(out.Align()))
		typedmemmove(out, unsafe.Add(frame, to), unsafe.Add(inner, from))
		from, to = from+out.Size(), to+out.Size()
	}
}

func methodWithCode(rcvr *abi.Type, code uintptr) *abi.Method {
	methods := rcvr.ExportedMethods()
	for i := range methods {
		if uintptr(textOffFor(rcvr, methods[i].Tfn)) == code {
			return &methods[i]
		}
	}
	panic("reflect: call of a function whose type was made at run time")
}

// storeRcvr stores the word by which a method gets its receiver.
func storeRcvr(v Value, p unsafe.Pointer) {
	t := v.typ()
	word := v.ptr
	if t.Kind() == abi.Interface {
		word = (*nonEmptyInterface)(v.ptr).word
	} else if v.flag&flagIndir != 0 && t.IsDirectIface() {
		word = *(*unsafe.Pointer)(v.ptr)
	} else if v.flag&flagIndir != 0 {
		// This may be a variable, and methods count on nobody writing to what the word points to.
		word = unsafe_New(t)
		typedmemmove(t, word, v.ptr)
	}
	*(*unsafe.Pointer)(p) = word
}

// funcLayout is the layout of the frame that a function, or a method with a receiver of type rcvr, is called with, a
// pool of such frames, and what lies where.
func funcLayout(t *funcType, rcvr *abi.Type) (*abi.Type, *sync.Pool, abiDesc) {
	if t.Kind() != abi.Func {
		panic("reflect: funcLayout of non-func type " + stringFor(&t.Type))
	}
	if rcvr != nil && rcvr.Kind() == abi.Interface {
		panic("reflect: funcLayout with interface receiver " + stringFor(rcvr))
	}
	key := layoutKey{t, rcvr}
	known, ok := layoutCache.Load(key)
	if !ok {
		abid := newAbiDesc(t, rcvr)
		frame := &frameType{fn: t, hasReceiver: rcvr != nil}
		frame.Size_ = align(abid.retOffset+abid.ret.stackBytes, goarch.PtrSize)
		frame.Align_ = goarch.PtrSize
		if pointers := abid.stackPtrs; pointers.n > 0 {
			frame.PtrBytes = uintptr(pointers.n) * goarch.PtrSize
			frame.GCData = unsafe.SliceData(pointers.data)
		}
		pool := &sync.Pool{New: func() any { return unsafe_New(&frame.Type) }}
		known, _ = layoutCache.LoadOrStore(key, layoutType{&frame.Type, pool, abid})
	}
	layout := known.(layoutType)
	return layout.t, layout.framePool, layout.abid
}
