package p

import "unsafe"

var p unsafe.Pointer

var x = unsafe.Add(p, 1.5)
