package p

func f() { defer int(1) }
