package p

import "unsafe"

var _ = unsafe
