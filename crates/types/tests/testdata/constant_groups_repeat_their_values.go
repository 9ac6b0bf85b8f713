package p

const (
	a, b = iota, 1 << iota
	c, d
	e /* ERROR "extra init expr at p.go:4:17" */
	_, _
	g, h, i /* ERROR "missing init expr for i" */
)

const (
	x int8 = 100 + iota*20
	y
	z /* ERROR "cannot use 100 + iota * 20 (untyped int constant 140) as int8 value in constant declaration (overflows)" */
)

const (
	p /* ERROR "missing init expr for p" */
)

var _ = iota /* ERROR "cannot use iota outside constant declaration" */
