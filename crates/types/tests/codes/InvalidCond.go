package p

func f() {
	if 1 /* ERROR "non-boolean condition in if statement" */ {
	}
}
