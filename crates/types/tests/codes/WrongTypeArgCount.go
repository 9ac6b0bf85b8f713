package p

type T[P any] int

var x T[int, int]
