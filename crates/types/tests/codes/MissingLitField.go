package p

type T struct{ a int }

var x = T{b: 1}
