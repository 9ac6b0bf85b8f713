package p

var x = map[string]int{1}
