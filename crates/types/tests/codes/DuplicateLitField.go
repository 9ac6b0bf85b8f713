package p

type T struct{ a int }

var x = T{a: 1, a: 2}
