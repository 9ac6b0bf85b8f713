package p

var x = 1 /* ERROR "invalid operation: cannot call 1 (untyped int constant): untyped int is not a function" */()
