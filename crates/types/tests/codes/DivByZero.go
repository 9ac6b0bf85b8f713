package p

var x = 1 / 0 /* ERROR "invalid operation: division by zero" */
