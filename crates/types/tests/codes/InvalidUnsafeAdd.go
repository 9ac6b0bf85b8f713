package p

import "unsafe"

var p unsafe.Pointer
var s string

var x = unsafe.Add(p, s /* ERROR "invalid argument: length s (variable of type string) must be integer" */)
