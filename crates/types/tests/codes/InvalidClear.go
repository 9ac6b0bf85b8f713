package p

func f(x int) { clear(x /* ERROR "invalid argument: cannot clear x (variable of type int): argument must be (or constrained by) map or slice" */) }
