package p

var x = "abc"[1:2:3 /* ERROR "invalid operation: 3-index slice of string" */]
