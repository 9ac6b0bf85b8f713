package p

var x int
var y string

var z = x + y
