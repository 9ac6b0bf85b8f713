package p

func f(x int) {
	select {
	case x > /* ERROR "select case must be send or receive (possibly with assignment)" */ 1:
	}
}
