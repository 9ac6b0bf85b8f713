package p

type P *int
type I interface{ m() }

type T struct {
	P /* ERROR "embedded field type cannot be a pointer" */
	* /* ERROR "embedded field type cannot be a pointer to an interface" */I
	*int
	int /* ERROR "int redeclared\n\tp.go:9:3: other declaration of int" */
	error
}

type A struct{ x, y int }
type B struct{ x, z int }
type C struct {
	A
	B
}

func f(c C) {
	_ = c.x /* ERROR "ambiguous selector c.x" */
	_ = c.y
	_ = c.z
	_ = c.w /* ERROR "c.w undefined (type C has no field or method w)" */
}
