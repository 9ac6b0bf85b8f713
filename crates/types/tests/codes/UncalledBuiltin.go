package p

var x = len
