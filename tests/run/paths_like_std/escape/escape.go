package escape

type T struct{ A, b int }

//go:noinline
func New(n int) *T {
	var t T
	p := &t
	p.A = n
	return p
}

// Literals are of their package, too.
var Make = func(n int) *T {
	var t T
	p := &t
	p.A = n
	return p
}
