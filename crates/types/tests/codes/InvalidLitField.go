package p

type T struct{ a int }

var x = T{1: 2}
