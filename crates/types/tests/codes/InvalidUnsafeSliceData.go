package p

import "unsafe"

var x = unsafe.SliceData(1 /* ERROR "invalid argument: 1 (untyped int constant) is not a slice" */)
