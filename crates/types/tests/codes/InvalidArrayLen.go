package p

var n = 3

var a [n]int
