package p

func f(r <-chan int, s chan<- string, c chan int) {
	select {
	case x := <-r:
		_ = x
	case x, ok := <-c:
		_, _ = x, ok
	case s <- "a":
	case s <- 1 /* ERROR "cannot use 1 (untyped int constant) as string value in send" */:
	case <-s /* ERROR "invalid operation: cannot receive from send-only channel chan<- string s (variable of type chan<- string)" */:
	case r /* ERROR "invalid operation: cannot send to receive-only channel <-chan int r (variable of type <-chan int)" */ <- 1:
	}
	<-s /* ERROR "invalid operation: cannot receive from send-only channel chan<- string s (variable of type chan<- string)" */
	r /* ERROR "invalid operation: cannot send to receive-only channel <-chan int r (variable of type <-chan int)" */ <- 1
	x /* ERROR "declared and not used: x" */, ok /* ERROR "declared and not used: ok" */ := <-c, 1
	_ = <-c + <-r
	c = r /* ERROR "cannot use r (variable of type <-chan int) as chan int value in assignment" */
	r = c
	s = c /* ERROR "cannot use c (variable of type chan int) as chan<- string value in assignment" */
}
