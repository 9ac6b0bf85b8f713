package p

type S struct{ f []int }
type I interface{ m() }

func f(s S, sl []int, m map[int]int, fn func(), i I, p *int, n int, c chan int, b bool) {
	_ = s /* ERROR "invalid operation: s == s (struct containing []int cannot be compared)" */ == s
	_ = sl /* ERROR "invalid operation: sl == sl (slice can only be compared to nil)" */ == sl
	_ = sl == nil
	_ = m /* ERROR "invalid operation: m != m (map can only be compared to nil)" */ != m
	_ = fn == nil
	_ = fn /* ERROR "invalid operation: fn == fn (func can only be compared to nil)" */ == fn
	_ = i == n /* ERROR "invalid operation: i == n (mismatched types I and int)" */
	_ = i == p /* ERROR "invalid operation: i == p (mismatched types I and *int)" */
	_ = p == c /* ERROR "invalid operation: p == c (mismatched types *int and chan int)" */
	_ = b /* ERROR "invalid operation: b < b (operator < not defined on bool)" */ < b
	_ = i /* ERROR "invalid operation: i < i (operator < not defined on interface)" */ < i
	_ = n == nil /* ERROR "invalid operation: n == nil (mismatched types int and untyped nil)" */
	_ = nil == nil /* ERROR "invalid operation: nil == nil (operator == not defined on untyped nil)" */
	_ = n == "a" /* ERROR "invalid operation: n == \"a\" (mismatched types int and untyped string)" */
	_ = 1 == 1.0
}
