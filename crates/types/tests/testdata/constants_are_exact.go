package p

const (
	big   = 1 << 100
	small = big >> 98
	third = 1.0 / 3
)

var (
	a int     = big /* ERROR "cannot use big (untyped int constant 1267650600228229401496703205376) as int value in variable declaration (overflows)" */
	b int     = small
	c int     = third /* ERROR "cannot use third (untyped float constant 0.333333) as int value in variable declaration (truncated)" */
	d int     = third * 3
	e float32 = 1e40 /* ERROR "cannot use 1e40 (untyped float constant 1e+40) as float32 value in variable declaration (overflows)" */
	f uint    = - /* ERROR "cannot use -1 (untyped int constant) as uint value in variable declaration (overflows)" */1
	g byte    = 'é' /* ERROR "cannot use 'é' + 100 (untyped rune constant 333) as byte value in variable declaration (overflows)" */ + 100
	h         = big /* ERROR "cannot use big (untyped int constant 1267650600228229401496703205376) as int value in variable declaration (overflows)" */
	i int8    = -128
	j int8    = - /* ERROR "cannot use -(-128) (untyped int constant 128) as int8 value in variable declaration (overflows)" */(-128)
	k         = uint8 /* ERROR "uint8(255) + 1 (constant 256 of type uint8) overflows uint8" */(255) + 1
	l         = 5 % 0 /* ERROR "invalid operation: division by zero" */
	m         = 5.0 /* ERROR "invalid operation: operator % not defined on 5.0 (untyped float constant 5)" */ % 2
	n         = 1 / 0.0 /* ERROR "invalid operation: division by zero" */
	o complex64 = 1 + 2i
	p int       = 1 + 0i
)
