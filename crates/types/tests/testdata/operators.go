package p

func f(i int, u uint, x float64, s string, b bool, c complex128, p *int) {
	_ = i /* ERROR "invalid operation: i + u (mismatched types int and uint)" */ + u
	_ = i /* ERROR "invalid operation: i + x (mismatched types int and float64)" */ + x
	_ = s + s
	_ = s /* ERROR "invalid operation: operator - not defined on s (variable of type string)" */ - s
	_ = b /* ERROR "invalid operation: b && i (mismatched types bool and int)" */ && i
	_ = b /* ERROR "invalid operation: operator + not defined on b (variable of type bool)" */ + b
	_ = !i /* ERROR "invalid operation: operator ! not defined on i (variable of type int)" */
	_ = -s /* ERROR "invalid operation: operator - not defined on s (variable of type string)" */
	_ = ^x /* ERROR "invalid operation: operator ^ not defined on x (variable of type float64)" */
	_ = +b /* ERROR "invalid operation: operator + not defined on b (variable of type bool)" */
	_ = x /* ERROR "invalid operation: operator % not defined on x (variable of type float64)" */ % x
	_ = c /* ERROR "invalid operation: operator % not defined on c (variable of type complex128)" */ % c
	_ = x /* ERROR "invalid operation: operator & not defined on x (variable of type float64)" */ & x
	_ = i &^ 1.0
	_ = i &^ 1.5 /* ERROR "1.5 (untyped float constant) truncated to int" */
	_ = &i
	_ = &1 /* ERROR "invalid operation: cannot take address of 1 (untyped int constant)" */
	_ = *i /* ERROR "invalid operation: cannot indirect i (variable of type int)" */
	_ = *nil /* ERROR "invalid operation: cannot indirect nil" */
	_ = <-i /* ERROR "invalid operation: cannot receive from non-channel int i (variable of type int)" */
	_ = i / 0 /* ERROR "invalid operation: division by zero" */
	_ = x / 0
	i /* ERROR "invalid operation: i += \"a\" (mismatched types int and untyped string)" */ += "a"
	i++
	s /* ERROR "invalid operation: s++ (non-numeric type string)" */++
	b /* ERROR "invalid operation: b-- (non-numeric type bool)" */--
	1 /* ERROR "cannot assign to 1 (neither addressable nor a map index expression)" */++
	_ = p /* ERROR "invalid operation: p + 1 (mismatched types *int and untyped int)" */ + 1
}
