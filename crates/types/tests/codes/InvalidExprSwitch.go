package p

func f() {
	switch f {
	case f:
	}
}
