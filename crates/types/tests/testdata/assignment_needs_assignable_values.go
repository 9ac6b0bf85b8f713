package p

type I interface{ m(int) string }
type T struct{}

func (*T) m(int) string { return "" }

type U struct{}

func (U) m(string) string { return "" }

func f(i I, t T, u U, p *I) {
	i = t /* ERROR "cannot use t (variable of struct type T) as I value in assignment: T does not implement I (method m has pointer receiver)" */
	i = &t
	i = u /* ERROR "cannot use u (variable of struct type U) as I value in assignment: U does not implement I (wrong type for method m)\n\t\thave m(string) string\n\t\twant m(int) string" */
	i = p /* ERROR "cannot use p (variable of type *I) as I value in assignment: *I does not implement I (type *I is pointer to interface, not interface)" */
	t = i /* ERROR "cannot use i (variable of interface type I) as T value in assignment" */
	var e error = i /* ERROR "cannot use i (variable of interface type I) as error value in variable declaration: I does not implement error (missing method Error)" */
	_ = e
}
