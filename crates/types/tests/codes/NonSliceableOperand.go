package p

var x int

var y = x /* ERROR "cannot slice x (variable of type int)" */[1:2]
