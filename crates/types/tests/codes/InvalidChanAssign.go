package p

type A <-chan int
type B chan int

func f(b B) { var _ A = b }
