package p

type List[T any] struct {
	next *List[T]
	val  T
}

func (l *List[T]) Push(x T)         {}
func (l List /* ERROR "receiver declares 2 type parameters, but receiver base type declares 1" */[A, B]) Two()           {}
func (l List[int]) Shadow() int     { return 1 /* ERROR "cannot use 1 (untyped int constant) as int /* with int declared at p.go:10:14 *\x2f value in return statement" */ }
func (l *List /* ERROR "cannot use generic type List[T any] without instantiation" */) None()               {}

type Pair[K comparable, V any] struct {
	k K
	v V
}

var (
	a List /* ERROR "cannot use generic type List[T any] without instantiation" */
	b List[int]
	c List /* ERROR "too many type arguments for type List: have 2, want 1" */[int, string]
	d Pair[[ /* ERROR "[]int does not satisfy comparable" */]int, int]
	e Pair /* ERROR "not enough type arguments for type Pair: have 1, want 2" */[int]
	f = List[int]{val: "a" /* ERROR "cannot use \"a\" (untyped string constant) as int value in struct literal" */}
	g int /* ERROR "invalid operation: int[string] (int is not a generic type)" */[string]
)

type Bad[T any] struct{ f Bad /* ERROR "invalid recursive type: Bad refers to itself" */[*T] }
type Rec[T any] struct{ f *Rec[T] }
type P[T any] T /* ERROR "cannot use a type parameter as RHS in type declaration" */
