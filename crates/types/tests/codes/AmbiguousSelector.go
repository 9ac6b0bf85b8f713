package p

type A struct{ f int }
type B struct{ f int }
type C struct {
	A
	B
}

var x = C{}.f /* ERROR "ambiguous selector C{}.f" */
