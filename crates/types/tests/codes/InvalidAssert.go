package p

var x int

var y = x /* ERROR "invalid operation: x (variable of type int) is not an interface" */.(int)
