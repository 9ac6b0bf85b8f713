package p

var x = cap("abc" /* ERROR "invalid argument: \"abc\" (untyped string constant) for built-in cap" */)
