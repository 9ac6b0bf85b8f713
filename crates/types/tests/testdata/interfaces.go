package p

type A interface {
	m()
	m /* ERROR "duplicate method m\n\tp.go:4:2: other declaration of method m" */()
	_ /* ERROR "methods must have a unique non-blank name" */()
}

type B interface {
	m(int)
	A /* ERROR "duplicate method m\n\tp.go:10:2: other declaration of method m" */
}

type C /* ERROR "invalid recursive type: C refers to itself" */ interface{ C }
type D /* ERROR "invalid recursive type D\n\tp.go:15:6: D refers to E\n\tp.go:16:6: E refers to D" */ interface{ E }
type E interface{ D }

type F interface {
	int
	m()
}

var f F /* ERROR "cannot use type F outside a type constraint: interface contains type constraints" */

type G interface{ ~ /* ERROR "invalid use of ~ (underlying type of MyInt is int)" */MyInt }
type MyInt int

func (A /* ERROR "invalid receiver type A (pointer or interface type)" */) n() {}
func (p *A /* ERROR "invalid receiver type A (pointer or interface type)" */) o() {}
