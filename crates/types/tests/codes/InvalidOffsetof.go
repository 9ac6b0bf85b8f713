package p

import "unsafe"

type T struct{}

func (T) m() {}

var y = unsafe.Offsetof(T /* ERROR "invalid argument: T{}.m is a method value" */{}.m)
