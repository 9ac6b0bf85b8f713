package p

var a /* ERROR "initialization cycle for a\n\tp.go:3:5: a refers to b\n\tp.go:4:5: b refers to f\n\tp.go:6:6: f refers to g\n\tp.go:7:6: g refers to a" */ = b
var b = f()

func f() int { return g() }
func g() int { return a }

var c /* ERROR "initialization cycle: c refers to itself" */ = func() int { return c }()

var d, e = e, 1

type T struct{}

func (T) m() int { return h }

var h /* ERROR "initialization cycle for h\n\tp.go:17:5: h refers to m\n\tp.go:15:10: m refers to h" */ = T{}.m()
var ok = T.m
