package p

var x = 1 << - /* ERROR "invalid operation: negative shift count -1 (untyped int constant)" */1
