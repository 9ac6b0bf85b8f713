package p

var x = !1 /* ERROR "invalid operation: operator ! not defined on 1 (untyped int constant)" */
