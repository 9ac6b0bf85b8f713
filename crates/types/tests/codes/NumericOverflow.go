package p

var x int8 = 1000 /* ERROR "cannot use 1000 (untyped int constant) as int8 value in variable declaration (overflows)" */
