package p

var n int

var x = []int{n: 1}
