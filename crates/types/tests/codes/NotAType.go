package p

var x int

var y x /* ERROR "x (package-level variable) is not a type" */
