package p

const c [ /* ERROR "invalid constant type []int" */]int = nil
