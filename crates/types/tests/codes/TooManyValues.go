package p

func g() (int, int) { return 1, 2 }

var x = 1 + g /* ERROR "multiple-value g() (value of type (int, int)) in single-value context" */()
