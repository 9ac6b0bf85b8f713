package p

import "unsafe"

var p *byte
var s string

var x = unsafe.String(p, s /* ERROR "invalid argument: length s (variable of type string) must be integer" */)
