package p

func g() int { return 1 }

func f(x int, c chan int, s []int) {
	x /* ERROR "x (variable of type int) is not used" */
	g()
	g /* ERROR "g (value of type func() int) is not used" */
	<-c
	- /* ERROR "-x (value of type int) is not used" */x
	x /* ERROR "x + 1 (value of type int) is not used" */ + 1
	s /* ERROR "s[0] (variable of type int) is not used" */[0]
	func /* ERROR "func() {} (value of type func()) is not used" */() {}
	func() {}()
	len /* ERROR "len(s) (value of type int) is not used" */(s)
	append /* ERROR "append(s, 1) (value of type []int) is not used" */(s, 1)
	copy(s, s)
	int /* ERROR "int(x) (value of type int) is not used" */(x)
	"a" /* ERROR "\"a\" (untyped string constant) is not used" */
	nil /* ERROR "nil is not used" */
	f /* ERROR "f (value of type func(x int, c chan int, s []int)) is not used" */
	(g())
}
