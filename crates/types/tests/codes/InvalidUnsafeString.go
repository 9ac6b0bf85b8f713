package p

import "unsafe"

var x = unsafe.String(1, 1)
