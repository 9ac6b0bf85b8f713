package p

func f[P any]() {}

func g() { f( /* ERROR "in call to f, cannot infer P (declared at p.go:3:8)" */) }
