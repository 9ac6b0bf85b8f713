package p

func f() {
	c /* ERROR "channel element type too large (>64kB)" */ := make(chan struct{ v [65536]byte })
	close(c)
}
