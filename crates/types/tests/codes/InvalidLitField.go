package p

type T struct{ a int }

var x = T{1 /* ERROR "invalid field name 1 in struct literal" */: 2}
