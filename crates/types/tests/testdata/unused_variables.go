package p

func f(p int) (r int) {
	var a /* ERROR "declared and not used: a" */ int
	b /* ERROR "declared and not used: b" */ := 1
	var c /* ERROR "declared and not used: c" */, d = 1, 2
	_ = d
	e /* ERROR "declared and not used: e" */ := 1
	e = 2
	g /* ERROR "declared and not used: g" */ := func() {
		h /* ERROR "declared and not used: h" */ := 1
	}
	var i *int
	*i = 1
	var j struct{ x int }
	j.x = 1
	var k []int
	k[0] = 1
	switch l /* ERROR "l declared and not used" */ := any(p).(type) {
	case int:
	}
	for m /* ERROR "declared and not used: m" */ := range 3 {
	}
	if n /* ERROR "declared and not used: n" */ := 1; true {
	}
	const o = 1
	type t int
	return
}
