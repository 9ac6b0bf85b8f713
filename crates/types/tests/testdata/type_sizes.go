package p

import "unsafe"

type T struct {
	a byte
	b int64
	c byte
	d struct{}
}

const (
	_ int8 = 127 /* ERROR "cannot use 127 + unsafe.Sizeof(T{}) - 32 + 1 (constant 120 of type uintptr) as int8 value in constant declaration" */ + unsafe.Sizeof(T{}) - 32 + 1
	_      = unsafe.Offsetof(T{}.d)
	_      = unsafe.Offsetof(T /* ERROR "invalid argument: T{} is not a selector expression" */{})
	_      = unsafe /* ERROR "invalid operation: too many arguments for unsafe.Alignof(1, 2) (expected 1, found 2)" */.Alignof(1, 2)
)

var (
	_ [unsafe /* ERROR "unsafe.Sizeof(uintptr(0)) - 9 (constant -1 of type uintptr) overflows uintptr" */.Sizeof(uintptr(0)) - 9]int
	_ [unsafe.Offsetof(T{}.c) - 16]int = [ /* ERROR "cannot use [1]int{} (value of type [1]int) as [0]int value in variable declaration" */1]int{}
	_ [unsafe.Sizeof("")]int = [ /* ERROR "cannot use [15]int{} (value of type [15]int) as [16]int value in variable declaration" */15]int{}
)
