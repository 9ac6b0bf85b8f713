package p

import "unsafe"

var x = unsafe.SliceData(1)
