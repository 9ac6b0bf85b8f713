package p

type T struct{}

func (T) v()  {}
func (*T) p() {}

type I interface {
	v()
	p()
}

type E struct{ T }
type PE struct{ *T }

var (
	_ I = T /* ERROR "cannot use T{} (value of struct type T) as I value in variable declaration: T does not implement I (method p has pointer receiver)" */{}
	_ I = &T{}
	_ I = E /* ERROR "cannot use E{} (value of struct type E) as I value in variable declaration: E does not implement I (method p has pointer receiver)" */{}
	_ I = &E{}
	_ I = PE{}
	_   = T.v
	_   = T.p /* ERROR "invalid method expression T.p (needs pointer receiver (*T).p)" */
	_   = (*T).v
	_   = (*T).p
	_   = I.v
	_   = T{}.v
	_   = T{}.p /* ERROR "cannot call pointer method p on T" */
	_   = (&T{}).p
)

func f(i *I) { i.v /* ERROR "i.v undefined (type *I is pointer to interface, not interface)" */() }
