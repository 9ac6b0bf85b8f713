package p

type T[P any] P
