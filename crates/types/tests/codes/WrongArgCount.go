package p

func f(x int) { f /* ERROR "not enough arguments in call to f\n\thave ()\n\twant (int)" */() }
