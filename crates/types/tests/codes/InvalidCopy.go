package p

func f(x int) { copy(x /* ERROR "invalid copy: argument must be a slice; have x (variable of type int)" */, x) }
