package constanttime

import "unsafe"

// boolToUint8 has no branch: a bool is a byte that is 1 or 0.
func boolToUint8(b bool) uint8 { return *(*uint8)(unsafe.Pointer(&b)) }
