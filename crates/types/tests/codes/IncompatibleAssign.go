package p

var x int = "a"
