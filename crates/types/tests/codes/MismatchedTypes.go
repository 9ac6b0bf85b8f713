package p

var x int
var y string

var z = x /* ERROR "invalid operation: x + y (mismatched types int and string)" */ + y
