package p

var x int

var y = x.(int)
