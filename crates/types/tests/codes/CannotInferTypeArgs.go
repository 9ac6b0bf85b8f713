package p

func f[P any]() {}

func g() { f() }
