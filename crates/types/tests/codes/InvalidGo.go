package p

func f() { go len("a") }
