package p

func f[P interface{ m() }]() {}

func g() { f[int]() }
