package p

import "unsafe"

func f(p unsafe.Pointer, b *byte, s []int, str string, i int, x float64) {
	_ = unsafe.Add(p, i)
	_ = unsafe.Add(b /* ERROR "cannot use b (variable of type *byte) as unsafe.Pointer value in argument to unsafe.Add" */, i)
	_ = unsafe.Add(p, x /* ERROR "invalid argument: length x (variable of type float64) must be integer" */)
	_ = unsafe.Slice(b, i)
	_ = unsafe.Slice(p /* ERROR "invalid argument: p (variable of type unsafe.Pointer) is not a pointer" */, i)
	_ = unsafe.Slice(b, - /* ERROR "invalid argument: length -1 (constant of type int) must not be negative" */1)
	_ = unsafe.SliceData(s)
	_ = unsafe.SliceData(str /* ERROR "invalid argument: str (variable of type string) is not a slice" */)
	_ = unsafe.String(b, i)
	_ = unsafe.String(& /* ERROR "cannot use &i (value of type *int) as *byte value in argument to unsafe.String" */i, i)
	_ = unsafe.StringData(str)
	_ = unsafe.StringData(s /* ERROR "cannot use s (variable of type []int) as string value in argument to unsafe.StringData" */)
	unsafe /* ERROR "unsafe.Sizeof(i) (constant 8 of type uintptr) is not used" */.Sizeof(i)
	_ = unsafe.Nothing /* ERROR "undefined: unsafe.Nothing" */
	_ = unsafe /* ERROR "unsafe.Sizeof (built-in) must be called" */.Sizeof
}
