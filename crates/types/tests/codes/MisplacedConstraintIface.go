package p

var x interface{ ~int }
