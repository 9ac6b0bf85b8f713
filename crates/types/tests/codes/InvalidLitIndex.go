package p

var n int

var x = []int{n /* ERROR "index n must be integer constant" */: 1}
