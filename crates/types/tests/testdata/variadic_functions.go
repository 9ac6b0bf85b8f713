package p

func a(x ... /* ERROR "can only use ... with final parameter" */int, y int) {}
func b(...int) (... /* ERROR "invalid use of ..." */int)  {} /* ERROR "missing return" */

var _ = func(s string, x ...any) {
	var _ []any = x
}

func c(x ...int) {
	c()
	c(1, 2)
	c(x...)
	c(1, x /* ERROR "too many arguments in call to c\n\thave (number, []int...)\n\twant (...int)" */...)
	c(x /* ERROR "cannot use x (variable of type []int) as int value in argument to c" */)
	c("a" /* ERROR "cannot use \"a\" (untyped string constant) as int value in argument to c" */, 2)
	c(nil...)
	c([ /* ERROR "cannot use [2]int{} (value of type [2]int) as []int value in argument to c" */2]int{}...)
}
