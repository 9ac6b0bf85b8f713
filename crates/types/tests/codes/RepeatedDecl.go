package p

func f() {
	a, a := 1, 2
	_ = a
}
