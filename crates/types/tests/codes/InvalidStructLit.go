package p

type T struct{ a, b int }

var x = T{1} /* ERROR "too few values in struct literal of type T" */
