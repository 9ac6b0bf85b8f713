package p

func f() {
	for i /* ERROR "declared and not used: i" */, j /* ERROR "range over 10 (untyped int constant) permits only one iteration variable" */ := range 10 {
	}
}
