package p

func f[P interface{ m() }]() {}

func g() { f[int /* ERROR "int does not satisfy interface{m()} (missing method m)" */]() }
