package p

import "unsafe"

var x int

var y = unsafe.Offsetof(x)
