package p

import "unsafe"

var x unsafe.Nothing /* ERROR "undefined: unsafe.Nothing" */
