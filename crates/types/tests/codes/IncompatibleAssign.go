package p

var x int = "a" /* ERROR "cannot use \"a\" (untyped string constant) as int value in variable declaration" */
