package p

func f() { var x /* ERROR "declared and not used: x" */ int }
