package p

type T struct{ a, b int }

var x = T{1}
