package p

var x []int

var y = int(x /* ERROR "cannot convert x (variable of type []int) to type int" */)
