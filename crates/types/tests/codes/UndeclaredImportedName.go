package p

import "unsafe"

var x unsafe.Nothing
