// Functions made by reflection: of MakeFunc, and methods bound to values.

package reflect

import (
	"internal/abi"
	"internal/wasm"
	"unsafe"
)

// forwardrecover: if own is what was deferred, then callee may recover in its place.
//
//go:linkname forwardrecover runtime.forwardrecover
func forwardrecover(own, callee uint32)

// MakeFunc returns a new function of the given type whose calls call fn.
func MakeFunc(typ Type, fn func(args []Value) (results []Value)) Value {
	t := typ.common()
	if Kind(t.Kind()) != Func {
		panic("reflect: call of MakeFunc with non-Func type")
	}
	impl := &makeFuncImpl{ftyp: (*funcType)(unsafe.Pointer(t)), fn: fn}
	made := newFrameFunc(impl.ftyp, func(frame unsafe.Pointer) {
		forwardrecover(wasm.Ident(), wasm.FuncCode(*(*unsafe.Pointer)(unsafe.Pointer(&impl.fn))))
		var valid bool
		var regs abi.RegArgs
		callReflect(impl, frame, &valid, &regs)
	})
	return Value{t, unsafe.Pointer(made), flag(Func)}
}

func newFrameFunc(t *funcType, invoke func(frame unsafe.Pointer)) *frameFunc {
	wasm.NeedFrameStubs()
	code := dynamicCode()
	if words := wasm.FrameWordsOf(t); words != nil {
		code = words.Stub
	}
	return &frameFunc{code, invoke}
}

// dynamicCode is the code word of functions whose types were made at run time, which only reflect can call.
func dynamicCode() uintptr { return uintptr(wasm.IdentOf(calledDynamic)) }

func calledDynamic() {
	panic("reflect: call of a function whose type was made at run time")
}

// bindMethod is bindValueMethod once a method was asked for: until then values are no methods, and programs that never
// ask do without what it needs.
var bindMethod func(op string, v Value) Value

// Method returns v's i'th method as a function value.
func (v Value) Method(i int) Value {
	t := v.typ()
	switch {
	case t == nil:
		panic(&ValueError{"reflect.Value.Method", Invalid})
	case v.flag&flagMethod != 0 || i < 0 || i >= toRType(t).NumMethod():
		panic("reflect: Method index out of range")
	case t.Kind() == abi.Interface && v.IsNil():
		panic("reflect: Method on nil interface value")
	}
	bindMethod = bindValueMethod
	method := flagMethod | flag(i)<<flagMethodShift
	return Value{t, v.ptr, v.flag.ro() | v.flag&flagIndir | flag(Func) | method}
}

// makeMethodValue makes a func value of a value that is receiver and method.
func makeMethodValue(op string, v Value) Value {
	if v.flag&flagMethod == 0 {
		panic("reflect: internal error: invalid use of makeMethodValue")
	}
	return bindMethod(op, v)
}

func bindValueMethod(op string, v Value) Value {
	t := v.typ()
	rcvr := Value{t, v.ptr, v.flag&(flagRO|flagAddr|flagIndir) | flag(t.Kind())}
	method := int(v.flag) >> flagMethodShift
	ft := (*funcType)(unsafe.Pointer(v.Type().common()))
	// Panics now rather than in the call if there is no such method.
	methodReceiver(op, rcvr, method)
	bound := newFrameFunc(ft, func(frame unsafe.Pointer) {
		_, mt, fn := methodReceiver("call", rcvr, method)
		var word unsafe.Pointer
		storeRcvr(rcvr, unsafe.Pointer(&word))
		code := *(*uintptr)(fn)
		forwardrecover(wasm.Ident(), uint32(code))
		callFrame(mt, code, word, frame)
	})
	return Value{&ft.Type, unsafe.Pointer(bound), v.flag&flagRO | flag(Func)}
}

// methodValueCallCodePtr is what Pointer says of all methods of values.
func methodValueCallCodePtr() uintptr { return dynamicCode() }
