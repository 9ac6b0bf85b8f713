package p

type I interface{ m() }

var x I = 1
