package p

func f(x int) { delete(x, 1) }
