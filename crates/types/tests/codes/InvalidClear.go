package p

func f(x int) { clear(x) }
