package p

func f() {
	a, a /* ERROR "a repeated on left side of :=" */ := 1, 2
	_ = a
}
