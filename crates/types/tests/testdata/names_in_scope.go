package p

var x = y /* ERROR "undefined: y" */
var x /* ERROR "x redeclared in this block\n\tp.go:3:5: other declaration of x" */ = 1

func f(a, a /* ERROR "a redeclared in this block\n\tp.go:6:8: other declaration of a" */ int) (b int) {
	b := /* ERROR "no new variables on left side of :=" */ 1
	c /* ERROR "declared and not used: c" */ := c /* ERROR "undefined: c" */
	{
		b := b
		_ = b
	}
	var f /* ERROR "declared and not used: f" */ = f
	if d := 1; d > 0 {
	} else if d := ""; d > 0 /* ERROR "invalid operation: d > 0 (mismatched types string and untyped int)" */ {
	}
	_ = d /* ERROR "undefined: d" */
	int := 1
	var z /* ERROR "declared and not used: z" */ int /* ERROR "int (local variable) is not a type" */
	return undefined /* ERROR "undefined: undefined" */
}

func f /* ERROR "f redeclared in this block\n\tp.go:6:6: other declaration of f" */() {}

type init /* ERROR "cannot declare init - must be func" */ int
