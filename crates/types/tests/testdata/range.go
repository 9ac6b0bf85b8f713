package p

type Seq func(yield func(int) bool)

func f(s []int, m map[string]bool, c chan int, str string, n int, p *[3]int, q *[]int, fn func(), seq Seq) {
	for i, x := range s {
		i, x = x, i
	}
	for k, v := range m {
		var _ int = k /* ERROR "cannot use k (variable of type string) as int value in variable declaration" */
		_ = v
	}
	for x /* ERROR "declared and not used: x" */, y /* ERROR "range over c (variable of type chan int) permits only one iteration variable" */ := range c {
	}
	for i, r := range str {
		var _ byte = r /* ERROR "cannot use r (variable of type rune) as byte value in variable declaration" */
		_ = i
	}
	for i := range n {
		var _ string = i /* ERROR "cannot use i (variable of type int) as string value in variable declaration" */
	}
	for i /* ERROR "declared and not used: i" */, j /* ERROR "range over 10 (untyped int constant) permits only one iteration variable" */ := range 10 {
	}
	for range 1.5 /* ERROR "cannot range over 1.5 (untyped float constant)" */ {
	}
	for range p {
	}
	for range q /* ERROR "cannot range over q (variable of type *[]int)" */ {
	}
	for range fn /* ERROR "cannot range over fn (variable of type func()): func must be func(yield func(...) bool): wrong argument count" */ {
	}
	for x := range seq {
		_ = x
	}
	for x /* ERROR "declared and not used: x" */, y /* ERROR "range over seq (variable of func type Seq) permits only one iteration variable" */ := range seq {
	}
	for range nil /* ERROR "cannot range over nil" */ {
	}
	var u8 /* ERROR "declared and not used: u8" */ uint8
	for u8 = range 300 /* ERROR "cannot use 300 (untyped int constant) as uint8 value in range clause (overflows)" */ {
	}
	for x /* ERROR "declared and not used: x" */, y /* ERROR "declared and not used: y" */, z /* ERROR "range clause permits at most two iteration variables" */ := range s {
	}
}
