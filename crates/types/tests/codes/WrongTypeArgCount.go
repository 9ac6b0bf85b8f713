package p

type T[P any] int

var x T /* ERROR "too many type arguments for type T: have 2, want 1" */[int, int]
