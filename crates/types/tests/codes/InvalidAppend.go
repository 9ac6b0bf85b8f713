package p

func f(x int) { _ = append(x /* ERROR "invalid append: argument must be a slice; have x (variable of type int)" */, 1) }
