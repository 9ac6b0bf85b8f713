package p

func f(s []int) { append(s, 1) }
