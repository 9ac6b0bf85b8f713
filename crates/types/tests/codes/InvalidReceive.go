package p

func f(c chan<- int) { <-c /* ERROR "invalid operation: cannot receive from send-only channel chan<- int c (variable of type chan<- int)" */ }
