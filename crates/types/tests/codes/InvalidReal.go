package p

var x = real("a")
