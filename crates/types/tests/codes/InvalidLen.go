package p

var x = len(1)
