package p

var x int8 = 1000
