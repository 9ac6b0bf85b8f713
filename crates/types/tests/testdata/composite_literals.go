package p

type T struct {
	a int
	b string
}

type E struct{ T }

func f() {
	_ = T{1, "a"}
	_ = T{1} /* ERROR "too few values in struct literal of type T" */
	_ = T{1, "a", 2 /* ERROR "too many values in struct literal of type T" */}
	_ = T{a: 1, c /* ERROR "unknown field c in struct literal of type T" */: 2}
	_ = T{a: 1, 2 /* ERROR "mixture of field:value and value elements in struct literal" */}
	_ = T{a: 1, a /* ERROR "duplicate field name a in struct literal" */: 2}
	_ = T{"a" /* ERROR "cannot use \"a\" (untyped string constant) as int value in struct literal" */, 1 /* ERROR "cannot use 1 (untyped int constant) as string value in struct literal" */}
	_ = E{a /* ERROR "unknown field a in struct literal of type E" */: 1}
	_ = [2]int{1, 2, 3 /* ERROR "index 2 is out of bounds (>= 2)" */}
	_ = [...]int{5: 1, 2, 5 /* ERROR "duplicate index 5 in array or slice literal" */: 3}
	_ = []int{- /* ERROR "invalid argument: index -1 (constant of type int) must not be negative" */1: 1}
	_ = map[string]int{"a": 1, "a" /* ERROR "duplicate key \"a\" in map literal" */: 2}
	_ = map[string]int{1 /* ERROR "cannot use 1 (untyped int constant) as string value in map literal" */: 1}
	_ = []T{{1, "a"}, {b: 1 /* ERROR "cannot use 1 (untyped int constant) as string value in struct literal" */}}
	_ = []*T{{1, "a"}, nil}
	_ = int /* ERROR "invalid composite literal type int" */{1}
	_ = [ /* ERROR "invalid use of [...] array (outside a composite literal)" */ /* ERROR "[...]int (type) is not an expression" */...]int
}
