package p

func g() (int, int)

func f(x int) { x, x += 1, 2 }
