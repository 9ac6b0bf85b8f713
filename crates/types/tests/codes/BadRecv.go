package p

type T[P any] int

func (T /* ERROR "receiver declares 2 type parameters, but receiver base type declares 1" */[A, B]) m() {}
