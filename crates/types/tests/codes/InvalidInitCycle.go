package p

var x = f()

func f() int { return x }
