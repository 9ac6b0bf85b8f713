package p

var x = [1]int{1, 2}
