package p

var x = imag("a")
