package p

var x = map[string]int{"a": 1, "a" /* ERROR "duplicate key \"a\" in map literal" */: 2}
