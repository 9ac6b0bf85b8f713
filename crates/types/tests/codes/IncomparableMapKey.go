package p

var m map[[ /* ERROR "invalid map key type []int" */]int]int
