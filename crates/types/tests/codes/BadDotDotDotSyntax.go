package p

var x [ /* ERROR "invalid use of [...] array (outside a composite literal)" */...]int
