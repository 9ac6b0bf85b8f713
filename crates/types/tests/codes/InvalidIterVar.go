package p

func f(s []int) {
	for 1 = range s {
	}
}
