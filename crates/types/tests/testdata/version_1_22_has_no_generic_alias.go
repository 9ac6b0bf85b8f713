// -lang=go1.22
package p

type A[P /* ERROR "generic type alias requires go1.23 or later" */ any] = []P

type S[P any] []P

func f(x A[int]) {
	for range func /* ERROR "cannot range over func(func() bool) {} (value of type func(func() bool)): requires go1.23 or later" */(func() bool) {} {
	}
}
