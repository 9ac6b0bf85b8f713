package p

type T struct{ a, b int }

var x = T{a: 1, 2 /* ERROR "mixture of field:value and value elements in struct literal" */}
