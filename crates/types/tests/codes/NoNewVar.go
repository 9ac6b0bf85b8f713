package p

func f(x int) { x := /* ERROR "no new variables on left side of :=" */ 1; _ = x }
