package p

var x = "abc"[1:2:3]
