package p

func f(x *int) {
	for range x /* ERROR "cannot range over x (variable of type *int)" */ {
	}
}
