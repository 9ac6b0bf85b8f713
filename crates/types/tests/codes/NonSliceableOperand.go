package p

var x int

var y = x[1:2]
