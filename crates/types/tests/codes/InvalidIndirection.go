package p

var x = *1 /* ERROR "invalid operation: cannot indirect 1 (untyped int constant)" */
