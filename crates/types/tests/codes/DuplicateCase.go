package p

func f(x int) {
	switch x {
	case 1, 1 /* ERROR "duplicate case 1 (constant of type int) in expression switch\n\tp.go:5:7: previous case" */:
	}
}
