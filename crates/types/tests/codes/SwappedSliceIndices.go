package p

var x = "abc"[2:1]
