package p

func g() int { return 1 }

func f(s []int) {
	defer g()
	defer g /* ERROR "expression in defer must be function call" */
	go func /* ERROR "expression in go must be function call" */() {}
	go func() {}()
	defer recover()
	defer len /* ERROR "defer discards result of len(s) (value of type int)" */(s)
	go append /* ERROR "go discards result of append(s, 1) (value of type []int)" */(s, 1)
	defer int /* ERROR "defer requires function call, not conversion int(1) (constant 1 of type int)" */(1)
	defer panic(1)
}
