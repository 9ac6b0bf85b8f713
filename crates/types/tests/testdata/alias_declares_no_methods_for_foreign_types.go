package p

type I = int

func (I /* ERROR "cannot define new methods on non-local type I" */) m() {}

type S struct{ f int }
type A = S

func (A) ok() {}
func (a *A) f /* ERROR "field and method with the same name f\n\tp.go:7:16: other declaration of f" */() {}
