package p

var x = make([]int, 2, 1)
