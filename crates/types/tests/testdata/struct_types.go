package p

type T /* ERROR "invalid recursive type: T refers to itself" */ struct {
	a, b int
	a /* ERROR "a redeclared\n\tp.go:4:2: other declaration of a" */    string
	T2
	T2 /* ERROR "T2 redeclared\n\tp.go:6:2: other declaration of T2" */ int
	_  int
	_  string
	c  undefined /* ERROR "undefined: undefined" */
	d  T
}

type T2 struct{}

type Ptr struct{ p *Ptr }
type Arr /* ERROR "invalid recursive type: Arr refers to itself" */ struct{ a [2]Arr }
type Sl struct{ s []Sl }
