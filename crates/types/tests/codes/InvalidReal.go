package p

var x = real("a" /* ERROR "invalid argument: argument has type untyped string, expected complex type" */)
