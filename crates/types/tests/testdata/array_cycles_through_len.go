package p

type A /* ERROR "invalid recursive type A\n\tp.go:3:6: A refers to a\n\tp.go:5:5: a refers to A" */ [len(a)]int

var a A

type B /* ERROR "invalid recursive type: B refers to itself" */ [n]B

const n = 2
