package p

func two() (int, int) { return 1, 2 }

func f() {
	var a, b, c = two /* ERROR "assignment mismatch: 3 variables but two returns 2 values" */()
	a, b = 1 /* ERROR "assignment mismatch: 2 variables but 1 value" */
	a, b = 1, 2, 3
	a, b = two(), 1
	_, _, _ = a, b, c
	a, b = two()
	x /* ERROR "declared and not used: x" */ := two /* ERROR "assignment mismatch: 1 variable but two returns 2 values" */()
	return two /* ERROR "too many return values\n\thave (int, int)\n\twant ()" */()
}
