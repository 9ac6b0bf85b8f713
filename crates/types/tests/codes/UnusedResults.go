package p

func f(s []int) { defer append /* ERROR "defer discards result of append(s, 1) (value of type []int)" */(s, 1) }
