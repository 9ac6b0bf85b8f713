package cleaned

import "runtime"

type T struct{ words [8]int }

//go:noinline
func New(done *bool) *T {
	t := new(T)
	runtime.AddCleanup(t, func(done *bool) { *done = true }, done)
	return t
}
