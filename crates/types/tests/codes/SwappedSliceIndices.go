package p

var x = "abc"[2:1 /* ERROR "invalid slice indices: 1 < 2" */]
