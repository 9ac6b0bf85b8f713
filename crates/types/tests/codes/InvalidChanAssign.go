package p

type A <-chan int
type B chan int

func f(b B) { var _ A = b /* ERROR "cannot use b (variable of chan type B) as A value in variable declaration" */ }
