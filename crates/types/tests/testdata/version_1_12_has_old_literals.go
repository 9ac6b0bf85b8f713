// -lang=go1.12
package p

const (
	a = 0b101 /* ERROR "binary literal requires go1.13 or later" */
	b = 0o17 /* ERROR "0o/0O-style octal literal requires go1.13 or later" */
	c = 1_000 /* ERROR "underscore in numeric literal requires go1.13 or later" */
	d = 0x1p3 /* ERROR "hexadecimal floating-point literal requires go1.13 or later" */
	e = 1 << n
	n = 2
)

func f(i int) {
	_ = 1 << i /* ERROR "invalid operation: signed shift count i (variable of type int) requires go1.13 or later" */
}

type I interface{ m() }
type J interface{ m() }
type K interface {
	I
	J /* ERROR "duplicate method m\n\tp.go:20:2: other declaration of method m" */
}
