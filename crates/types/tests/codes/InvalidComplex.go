package p

var x = complex("a" /* ERROR "invalid argument: arguments have type untyped string, expected floating-point" */, "b")
