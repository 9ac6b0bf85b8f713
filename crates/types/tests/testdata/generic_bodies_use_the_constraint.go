package p

type Num interface{ ~int | ~float64 }

func f[T Num, S ~[]T, A any, M ~map[string]int | ~map[string]bool](t T, s S, a A, m M) {
	_ = t + t
	_ = t + 1
	_ = t + 1.5 /* ERROR "cannot convert 1.5 (untyped float constant) to type T" */
	_ = t /* ERROR "invalid operation: operator % not defined on t (variable of type T constrained by Num)" */ % t
	_ = t /* ERROR "invalid operation: shifted operand t (variable of type T constrained by Num) must be integer" */ << 1
	_ = s[0] + t
	_ = a /* ERROR "invalid operation: operator + not defined on a (variable of type A constrained by any)" */ + a
	_ = a /* ERROR "invalid operation: a == a (incomparable types in type set)" */ == a
	_ = a.x /* ERROR "a.x undefined (type A has no field or method x)" */
	_ = len(s)
	_ = len(a /* ERROR "invalid argument: a (variable of type A constrained by any) for built-in len" */)
	_ = m[ /* ERROR "cannot index m (variable of type M constrained by ~map[string]int | ~map[string]bool)" */"a"]
	for range a /* ERROR "cannot range over a (variable of type A constrained by any): no specific type" */ {
	}
	for _, x := range s {
		_ = x
	}
	_ = T("a" /* ERROR "cannot convert \"a\" (untyped string value) to type T: cannot convert \"a\" (untyped string constant) to type int (in T)" */)
	_ = int(t)
	switch t /* ERROR "cannot use type switch on type parameter value t (variable of type T constrained by Num)" */.(type) {
	}
	switch any(t).(type) {
	case int, A:
	}
	var _ int = t /* ERROR "cannot use t (variable of type T constrained by Num) as int value in variable declaration" */
	a.m /* ERROR "a.m undefined (type A has no field or method m)" */()
}
