package p

func a() int {
	for {
	}
}

func b(x int) int {
	for x > 0 {
	}
} /* ERROR "missing return" */

func c(x int) int {
	switch x {
	case 1:
		return 1
	default:
		panic("no")
	}
}

func d(x int) int {
	switch x {
	case 1:
		return 1
	}
} /* ERROR "missing return" */

func e(x bool) int {
	if x {
		return 1
	} else {
		return 2
	}
}

func g(x bool) int {
	if x {
		return 1
	}
} /* ERROR "missing return" */

func h() int {
L:
	for {
		break L
	}
} /* ERROR "missing return" */

func i(c chan int) int {
	select {
	case x := <-c:
		return x
	}
}

func j() (x int) {
	{
		goto L
	}
L:
	panic(1)
}

var _ = func() int {} /* ERROR "missing return" */
