package p

type I interface{ m() }

var x I

var y = x /* ERROR "impossible type assertion: x.(int)\n\tint does not implement I (missing method m)" */.(int)
