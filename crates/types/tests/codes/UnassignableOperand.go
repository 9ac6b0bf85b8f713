package p

func f() { 1 = 2 }
