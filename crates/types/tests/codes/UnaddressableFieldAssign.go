package p

type T struct{ f int }

func f(m map[int]T) { m[0].f = 1 }
