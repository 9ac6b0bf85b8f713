package p

type I interface{ m() }

var x I

var y = x.(int)
