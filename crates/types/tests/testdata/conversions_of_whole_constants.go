package p

var (
	a = int(1e100 /* ERROR "cannot convert 1e100 (untyped float constant 10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000) to type int" */)
	b = int8(complex128 /* ERROR "cannot convert complex128(1000) (constant 1000 of type complex128) to type int8" */(1000))
	c = int8(1000.0 /* ERROR "cannot convert 1000.0 (untyped float constant 1000) to type int8" */)
	d = int8(1000 /* ERROR "constant 1000 overflows int8" */)
	e = int(1.5 /* ERROR "cannot convert 1.5 (untyped float constant) to type int" */)
)
