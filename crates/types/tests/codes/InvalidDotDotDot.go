package p

var s []int

var x = len /* ERROR "invalid operation: invalid use of ... with built-in len" */(s...)
