// -lang=go1.16
package p

import "unsafe"

func f(s []int, p unsafe.Pointer) {
	_ = (*[2]int)(s /* ERROR "cannot convert s (variable of type []int) to type *[2]int: conversion of slice to array pointer requires go1.17 or later" */)
	_ = [2]int(s /* ERROR "cannot convert s (variable of type []int) to type [2]int: conversion of slice to array requires go1.20 or later" */)
	_ = unsafe /* ERROR "unsafe.Add requires go1.17 or later" */.Add(p, 1)
	_ = unsafe /* ERROR "unsafe.Slice requires go1.17 or later" */.Slice(&s[0], 1)
}
