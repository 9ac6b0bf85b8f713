package p

type T struct{}

func (T) m(int, ...string) {}

func g(int, string) {}
func v(...int)      {}
func two() (int, string) { return 1, "" }

func f(t T) {
	g(1 /* ERROR "not enough arguments in call to g\n\thave (number)\n\twant (int, string)" */)
	g(1, "", 2 /* ERROR "too many arguments in call to g\n\thave (number, string, number)\n\twant (int, string)" */)
	g("" /* ERROR "cannot use \"\" (untyped string constant) as int value in argument to g" */, 1 /* ERROR "cannot use 1 (untyped int constant) as string value in argument to g" */)
	g(two())
	g(two /* ERROR "multiple-value two() (value of type (int, string)) in single-value context" */(), 1 /* ERROR "cannot use 1 (untyped int constant) as string value in argument to g" */)
	v(two /* ERROR "cannot use two() (value of type string) as int value in argument to v" */())
	v([]int{}...)
	v(1, [ /* ERROR "too many arguments in call to v\n\thave (number, []int...)\n\twant (...int)" */]int{}...)
	v([ /* ERROR "cannot use []string{} (value of type []string) as []int value in argument to v" */]string{}...)
	t /* ERROR "not enough arguments in call to t.m\n\thave ()\n\twant (int, ...string)" */.m()
	t.m(1, "a", 2 /* ERROR "cannot use 2 (untyped int constant) as string value in argument to t.m" */)
	T.m(t, 1)
	T.m(1 /* ERROR "not enough arguments in call to T.m\n\thave (number)\n\twant (T, int, ...string)" */)
	t /* ERROR "invalid operation: cannot call t (variable of struct type T): T is not a function" */()
	1 /* ERROR "invalid operation: cannot call 1 (untyped int constant): untyped int is not a function" */()
}
