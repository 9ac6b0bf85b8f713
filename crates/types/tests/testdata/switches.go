package p

func f(x int, s string, i interface{}, e error, t struct{ f []int }) {
	switch x {
	case 1, 2:
	case 2 /* ERROR "duplicate case 2 (constant of type int) in expression switch\n\tp.go:5:10: previous case" */:
	case "a" /* ERROR "cannot convert \"a\" (untyped string constant) to type int" */:
	case x:
	}
	switch {
	case x /* ERROR "invalid case x in switch on true (mismatched types int and bool)" */:
	case x > 1:
	case true, true:
	}
	switch t /* ERROR "cannot switch on t (variable of type struct{f []int}) (struct{f []int} is not comparable)" */ {
	}
	switch f {
	case nil:
	}
	switch y := i.(type) {
	case int, string:
		var _ int = y /* ERROR "cannot use y (variable of type interface{}) as int value in variable declaration: need type assertion" */
	case int /* ERROR "duplicate case int in type switch\n\tp.go:21:7: previous case" */:
	case error:
		_ = y.Error()
	case nil, nil /* ERROR "duplicate case nil in type switch\n\tp.go:26:7: previous case" */:
	}
	switch y /* ERROR "y declared and not used" */ := i.(type) {
	}
	switch x /* ERROR "x (variable of type int) is not an interface" */.(type) {
	}
	switch e.(type) {
	case int /* ERROR "impossible type switch case: int\n\te (variable of interface type error) cannot have dynamic type int (missing method Error)" */:
	case * /* ERROR "impossible type switch case: *int\n\te (variable of interface type error) cannot have dynamic type *int (missing method Error)" */int, undefined /* ERROR "undefined: undefined" */:
	}
	switch s {
	case "a", "b", "a" /* ERROR "duplicate case \"a\" (constant of type string) in expression switch\n\tp.go:37:7: previous case" */:
	default:
		fallthrough /* ERROR "cannot fallthrough final case in switch" */
	}
}
