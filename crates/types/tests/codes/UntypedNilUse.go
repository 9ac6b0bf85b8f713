package p

var x = nil
