package p

import "unsafe"

var x = unsafe.Slice(1, 1)
