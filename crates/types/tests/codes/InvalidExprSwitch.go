package p

type T struct{ f []int }

func f(x T) {
	switch x /* ERROR "cannot switch on x (variable of struct type T) (T is not comparable)" */ {
	}
}
