package p

type T struct{ f int }

func f(m map[int]T) { m /* ERROR "cannot assign to struct field m[0].f in map" */[0].f = 1 }
