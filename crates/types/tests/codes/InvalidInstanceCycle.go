package p

func f[P /* ERROR "instantiation cycle:\n\tp.go:3:21: P instantiated as *P" */ any]() { f[*P]() }
