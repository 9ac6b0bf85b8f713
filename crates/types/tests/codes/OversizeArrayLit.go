package p

var x = [1]int{1, 2 /* ERROR "index 1 is out of bounds (>= 1)" */}
