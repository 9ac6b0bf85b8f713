package p

func f() { defer int /* ERROR "defer requires function call, not conversion int(1) (constant 1 of type int)" */(1) }
