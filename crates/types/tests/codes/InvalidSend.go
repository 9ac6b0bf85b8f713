package p

func f(c <-chan int) { c /* ERROR "invalid operation: cannot send to receive-only channel <-chan int c (variable of type <-chan int)" */ <- 1 }
