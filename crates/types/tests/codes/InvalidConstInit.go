package p

var x = 1

const c = x /* ERROR "x (variable of type int) is not constant" */
