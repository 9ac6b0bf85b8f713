// -lang=go1.25
//go:build go1.21

package p

func f(m map[int]int) {
	clear(m)
	for range 10 /* ERROR "cannot range over 10 (untyped int constant): requires go1.22 or later" */ {
	}
}
