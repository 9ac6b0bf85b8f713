package p

import "unsafe"

type T struct{ f int }
type P *T
type I interface{}

func (T) a()              {}
func (t *T) a /* ERROR "method T.a already declared at p.go:9:10" */()           {}
func (T) f /* ERROR "field and method with the same name f\n\tp.go:5:16: other declaration of f" */()              {}
func (P /* ERROR "invalid receiver type P (pointer or interface type)" */) b()              {}
func (I /* ERROR "invalid receiver type I (pointer or interface type)" */) c()              {}
func (** /* ERROR "invalid receiver type **T" */T) d()            {}
func ([ /* ERROR "invalid receiver type []int" */]int) e()          {}
func (unsafe /* ERROR "cannot define new methods on non-local type unsafe.Pointer" */.Pointer) g() {}
func (undefined /* ERROR "undefined: undefined" */) h()      {}
func (x T) i(x /* ERROR "x redeclared in this block\n\tp.go:18:7: other declaration of x" */ int)       {}
func (T) _()              {}
func (T) _()              {}
