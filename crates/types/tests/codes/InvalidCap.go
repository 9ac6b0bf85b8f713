package p

var x = cap("abc")
