package p

func f() { go int /* ERROR "go requires function call, not conversion int(1) (constant 1 of type int)" */(1) }
