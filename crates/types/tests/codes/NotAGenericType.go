package p

type T int

var x T[int]
