package p

type S []int

func f(s S, a [3]int, p *[3]int, str string, m map[string]int, i int8, x float64) {
	_ = s[1.0]
	_ = s[1.5 /* ERROR "1.5 (untyped float constant) truncated to int" */]
	_ = s[x /* ERROR "invalid argument: index x (variable of type float64) must be integer" */]
	_ = s["a" /* ERROR "cannot convert \"a\" (untyped string constant) to type int" */]
	_ = s[- /* ERROR "invalid argument: index -1 (constant of type int) must not be negative" */1]
	_ = s[i]
	_ = a[3 /* ERROR "invalid argument: index 3 out of bounds [0:3]" */]
	_ = p[5 /* ERROR "invalid argument: index 5 out of bounds [0:3]" */]
	_ = "abc"[3 /* ERROR "invalid argument: index 3 out of bounds [0:3]" */]
	_ = str[0]
	str /* ERROR "cannot assign to str[0] (neither addressable nor a map index expression)" */[0] = 'a'
	_ = m[1 /* ERROR "cannot use 1 (untyped int constant) as string value in map index" */]
	_ = a[1:4 /* ERROR "invalid argument: index 4 out of bounds [0:4]" */]
	_ = a[2:1 /* ERROR "invalid slice indices: 1 < 2" */]
	_ = s[1:2:3]
	_ = str[0:1:2 /* ERROR "invalid operation: 3-index slice of string" */]
	_ = m /* ERROR "cannot slice m (variable of type map[string]int)" */[1:2]
	_ = [ /* ERROR "cannot slice unaddressable value [3]int{} (value of type [3]int)" */3]int{}[:]
	_ = 1[ /* ERROR "cannot index 1 (untyped int constant)" */0]
	_ = s[:- /* ERROR "invalid argument: index -1 (constant of type int) must not be negative" */1]
	_ = s[1 /* ERROR "1 << 70 (untyped int constant 1180591620717411303424) overflows int" */ << 70]
}
