package p

func f(x int) { copy(x, x) }
