package p

func f(x int) {
	switch x /* ERROR "x (variable of type int) is not an interface" */.(type) {
	}
}
