package p

func f(x *int) {
	for range x {
	}
}
