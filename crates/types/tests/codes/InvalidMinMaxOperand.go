package p

var x = min(true, false)
