package p

var x int
var x /* ERROR "x redeclared in this block\n\tp.go:3:5: other declaration of x" */ int
