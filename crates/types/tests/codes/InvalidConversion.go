package p

var x []int

var y = int(x)
