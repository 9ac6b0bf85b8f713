package p

var n = 3

var a [n /* ERROR "invalid array length n" */]int
