package p

var x = 1.5 /* ERROR "invalid operation: shifted operand 1.5 (untyped float constant) must be integer" */ << 1
