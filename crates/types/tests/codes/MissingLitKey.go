package p

var x = map[string]int{1 /* ERROR "missing key in map literal" */}
