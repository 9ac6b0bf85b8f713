package p

type T struct{ a int }

var x = T{a: 1, a /* ERROR "duplicate field name a in struct literal" */: 2}
