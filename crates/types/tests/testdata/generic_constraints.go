package p

type Number interface{ ~int | ~float64 }
type Named interface {
	comparable
	Name() string
}

func Sum[T Number](...T) T           { var t T; return t }
func Key[K comparable, V any](K, V)  {}
func Call[T Named](T)                {}
func Ptr[T any, P interface{ *T; Set() }]() {}

type MyInt int
type N struct{}

func (N) Name() string { return "" }

type S struct{}

func (*S) Set() {}

func f(any1 any, fn func()) {
	_ = Sum(1, 2)
	_ = Sum(MyInt(1))
	_ = Sum( /* ERROR "string does not satisfy Number (string missing in ~int | ~float64)" */"a")
	_ = Sum( /* ERROR "uint does not satisfy Number (uint missing in ~int | ~float64)" */uint(1))
	Key(1, 2)
	Key(any1, 1)
	Key( /* ERROR "func() does not satisfy comparable" */fn, 1)
	Call(N{})
	Call(&N{})
	Call( /* ERROR "int does not satisfy Named (missing method Name)" */1)
	Ptr[S]()
	Ptr[N]( /* ERROR "*N does not satisfy interface{Set(); *N} (missing method Set)" */)
	_ = Sum[string, int /* ERROR "got 2 type arguments but want 1" */]
}
