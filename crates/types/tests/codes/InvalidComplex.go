package p

var x = complex("a", "b")
