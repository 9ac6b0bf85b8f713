package p

var x = min(true /* ERROR "invalid argument: true (untyped bool constant) cannot be ordered" */, false)
