package p

import "unsafe"
