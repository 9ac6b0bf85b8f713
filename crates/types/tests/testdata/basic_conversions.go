package p

type S string
type B []byte

func f(i int, x float64, s S, b B, p *int, u uintptr) {
	_ = string(i)
	_ = int(x)
	_ = []byte(s)
	_ = S(b)
	_ = []rune("abc")
	_ = uintptr(p /* ERROR "cannot convert p (variable of type *int) to type uintptr" */)
	_ = (*float64)(p /* ERROR "cannot convert p (variable of type *int) to type *float64" */)
	_ = int("1" /* ERROR "cannot convert \"1\" (untyped string constant) to type int" */)
	_ = uint8(300 /* ERROR "constant 300 overflows uint8" */)
	_ = int(1.5 /* ERROR "cannot convert 1.5 (untyped float constant) to type int" */)
	_ = [2]int([]int{1, 2})
	_ = (*[2]string)([ /* ERROR "cannot convert []int{…} (value of type []int) to type *[2]string" */]int{1, 2})
	_ = string([ /* ERROR "cannot convert []int{…} (value of type []int) to type string" */]int{1})
}
