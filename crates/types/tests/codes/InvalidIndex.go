package p

var x = "abc"["a"]
