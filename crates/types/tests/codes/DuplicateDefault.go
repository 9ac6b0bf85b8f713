package p

func f(x int) {
	switch x {
	default:
	default /* ERROR "multiple defaults (first at p.go:5:2)" */:
	}
}
