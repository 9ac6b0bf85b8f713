package p

func f(c <-chan int) { close(c) }
