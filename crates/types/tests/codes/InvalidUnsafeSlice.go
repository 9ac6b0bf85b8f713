package p

import "unsafe"

var x = unsafe.Slice(1 /* ERROR "invalid argument: 1 (untyped int constant) is not a pointer" */, 1)
