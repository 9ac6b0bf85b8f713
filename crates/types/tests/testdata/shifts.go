package p

func f(i int, u uint8, x float64, s string) {
	_ = 1 << i
	_ = 1.0 /* ERROR "invalid operation: shifted operand 1.0 (type float64) must be integer" */ << i
	_ = 1.5 /* ERROR "invalid operation: shifted operand 1.5 (untyped float constant) must be integer" */ << 1
	_ = i << - /* ERROR "invalid operation: negative shift count -1 (untyped int constant)" */1
	_ = i << 1.5 /* ERROR "1.5 (untyped float constant) truncated to uint" */
	_ = i << x /* ERROR "invalid operation: shift count x (variable of type float64) must be integer" */
	_ = i << s /* ERROR "invalid operation: shift count s (variable of type string) must be integer" */
	_ = x /* ERROR "invalid operation: shifted operand x (variable of type float64) must be integer" */ << 1
	_ = "a" /* ERROR "invalid operation: shifted operand \"a\" (untyped string constant) must be integer" */ << 1
	_ = u << 300
	var a float64 = 1 /* ERROR "invalid operation: shifted operand 1 (type float64) must be integer" */ << i
	var b int32 = 1 << i
	c := 1.0 /* ERROR "invalid operation: shifted operand 1.0 (type float64) must be integer" */ << i
	_ = make([]int, 1.0<<i)
	_ = []int{}[1.0<<i]
	_ = 1 << 10000 /* ERROR "invalid operation: invalid shift count 10000 (untyped int constant)" */
	_, _, _ = a, b, c
	var d uint8 = 1 /* ERROR "cannot use 1 << 8 (untyped int constant 256) as uint8 value in variable declaration (overflows)" */ << 8
	_ = d
	_ = interface{}(1.0 /* ERROR "invalid operation: shifted operand 1.0 (type float64) must be integer" */ << i)
}
