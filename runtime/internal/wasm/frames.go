package wasm

import (
	"internal/abi"
	"unsafe"
)

// FrameWords lie behind the descriptors of func types whose functions are called or made by reflection.
type FrameWords struct {
	// Call calls the only entry of the itab. The context is a func value or a receiver word. The frame holds the
	// parameters, laid out like the fields of a struct, and behind them, from the next word on, room for the results.
	Call func(code *abi.ITab, context, frame unsafe.Pointer)
	// Stub is the code word of functions whose records hold, behind it, a func(frame unsafe.Pointer) to call.
	Stub uintptr
}

const hasFrameWords abi.TFlag = 1 << 7

// FrameWordsOf returns nil for types without: those made at run time above all.
func FrameWordsOf(t *abi.FuncType) *FrameWords {
	if t.TFlag&hasFrameWords == 0 {
		return nil
	}
	if u := t.Uncommon(); u != nil {
		methods := uintptr(u.Moff) + uintptr(u.Mcount)*unsafe.Sizeof(abi.Method{})
		return (*FrameWords)(unsafe.Add(unsafe.Pointer(u), methods))
	}
	types := uintptr(t.NumIn()+t.NumOut()) * unsafe.Sizeof(t)
	return (*FrameWords)(unsafe.Add(unsafe.Pointer(t), unsafe.Sizeof(*t)+types))
}

// CallFrame calls code of a func type. It reports false if the type has no frame words.
func CallFrame(t *abi.FuncType, code uintptr, context, frame unsafe.Pointer) bool {
	words := FrameWordsOf(t)
	if words == nil || words.Call == nil {
		return false
	}
	var itab abi.ITab
	itab.Fun[0] = code
	words.Call(&itab, context, frame)
	return true
}
