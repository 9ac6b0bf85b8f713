package p

var x /* ERROR "initialization cycle for x\n\tp.go:3:5: x refers to f\n\tp.go:5:6: f refers to x" */ = f()

func f() int { return x }
