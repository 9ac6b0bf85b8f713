package p

var x = make([]int, 2 /* ERROR "invalid argument: length and capacity swapped" */, 1)
