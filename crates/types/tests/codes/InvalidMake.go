package p

var x = make(int)
