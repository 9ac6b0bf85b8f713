package p

func f(x int) { delete(x /* ERROR "invalid argument: x (variable of type int) is not a map" */, 1) }
