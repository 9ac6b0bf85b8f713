package p

type I interface{ m() }
type T struct{}
type P struct{}

func (*P) m() {}

func f(i I, a any, x int) {
	_ = i /* ERROR "impossible type assertion: i.(T)\n\tT does not implement I (missing method m)" */.(T)
	_ = i /* ERROR "impossible type assertion: i.(P)\n\tP does not implement I (method m has pointer receiver)" */.(P)
	_ = i.(*P)
	_ = a.(T)
	_ = x /* ERROR "invalid operation: x (variable of type int) is not an interface" */.(int)
	v, ok := a.(string)
	var s int = v /* ERROR "cannot use v (variable of type string) as int value in variable declaration" */
	_ = i.(interface{ m(int) })
	_ = a.(undefined /* ERROR "undefined: undefined" */)
	_, _ = ok, s
	var b /* ERROR "declared and not used: b" */ bool
	v, b, _ = a /* ERROR "assignment mismatch: 3 variables but 1 value" */.(string)
}
