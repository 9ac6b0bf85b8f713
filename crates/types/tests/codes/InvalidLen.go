package p

var x = len(1 /* ERROR "invalid argument: 1 (untyped int constant) for built-in len" */)
