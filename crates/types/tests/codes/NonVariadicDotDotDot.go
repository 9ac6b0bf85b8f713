package p

func f(x []int) { f /* ERROR "cannot use ... in call to non-variadic f" */(x...) }
