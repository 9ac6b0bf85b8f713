package p

var x int = 1.5 /* ERROR "cannot use 1.5 (untyped float constant) as int value in variable declaration (truncated)" */
