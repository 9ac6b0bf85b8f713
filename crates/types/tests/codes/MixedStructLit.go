package p

type T struct{ a, b int }

var x = T{a: 1, 2}
