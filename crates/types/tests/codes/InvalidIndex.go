package p

var s string

var x = "abc"[s /* ERROR "invalid argument: index s (variable of type string) must be integer" */]
