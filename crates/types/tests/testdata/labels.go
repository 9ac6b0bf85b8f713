package p

func f(x int) {
L:
	for {
		break L
		continue L
	}
M:
	switch x {
	case 1:
		break M
	}
	goto N
N:
	for range 3 {
		continue N
	}
}
