package p

func Map[S ~[]E, E, R any](s S, f func(E) R) []R { return nil }
func Pair[A, B any](A, B)                        {}
func Same[T any](a, b T)                         {}
func New[T any]() *T                             { return nil }
func Chan[T any](<-chan T)                       {}

type Ints []int

func f(c chan int, e error) {
	_ = Map(Ints{}, func(int) string { return "" })
	_ = Map( /* ERROR "in call to Map, S (type []int) does not satisfy ~[]E" */[]int{}, func(string) int { return 0 })
	_ = Map( /* ERROR "int does not satisfy ~[]int (int missing in ~[]int)" */1, func(int) int { return 0 })
	Pair( /* ERROR "in call to Pair, cannot infer B (declared at p.go:4:14)" */1, nil)
	Pair[int](1, "a")
	Same(1, 2.5)
	Same(1, "a" /* ERROR "in call to Same, mismatched types untyped int and untyped string (cannot infer T)" */)
	Same("a" /* ERROR "cannot use \"a\" (constant of type string) as error value in argument to Same: string does not implement error (missing method Error)" */, e)
	Same(e, nil)
	_ = New( /* ERROR "in call to New, cannot infer T (declared at p.go:6:10)" */)
	_ = New[int]()
	Chan(c)
	Chan( /* ERROR "in call to Chan, cannot infer T (declared at p.go:7:11)" */1)
	var g func(int, int) = Same
	g = Pair
	_ = Map /* ERROR "cannot use generic function Map without instantiation" */
	_ = g
}
