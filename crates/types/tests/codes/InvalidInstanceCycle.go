package p

func f[P any]() { f[*P]() }
