// -lang=go1.20
package p

func f(m map[int]int) {
	clear /* ERROR "clear requires go1.21 or later" */(m)
	_ = min /* ERROR "built-in min requires go1.21 or later" */(1, 2)
	_ = max /* ERROR "built-in max requires go1.21 or later" */(1, 2)
	for range 10 /* ERROR "cannot range over 10 (untyped int constant): requires go1.22 or later" */ {
	}
	for range func /* ERROR "cannot range over func(func() bool) {} (value of type func(func() bool)): requires go1.23 or later" */(func() bool) {} {
	}
}
