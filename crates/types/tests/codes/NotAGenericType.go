package p

type T int

var x T /* ERROR "invalid operation: T[int] (T is not a generic type)" */[int]
