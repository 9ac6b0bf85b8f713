package p

var x int

var y = x.f /* ERROR "x.f undefined (type int has no field or method f)" */
