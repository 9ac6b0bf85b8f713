package p

import "unsafe"

type T struct{}

func (T) m() {}

var y = unsafe.Offsetof(T{}.m)
