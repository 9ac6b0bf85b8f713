package p

func g() (int, int) { return 1, 2 }

var x = 1 + g()
