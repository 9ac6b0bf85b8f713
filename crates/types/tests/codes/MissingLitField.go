package p

type T struct{ a int }

var x = T{b /* ERROR "unknown field b in struct literal of type T" */: 1}
