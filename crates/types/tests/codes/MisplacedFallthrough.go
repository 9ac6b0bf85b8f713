package p

func f() { fallthrough }
