// Values of all types live across parking, and as results.
package main

type pair struct {
	a int
	b string
}

type big struct {
	x [10]int
	s string
}

//go:noinline
func many(ch chan int, i8 int8, u8 uint8, i16 int16, u32 uint32, i64 int64, f32 float32, f64 float64, c64 complex64, c128 complex128, s string, sl []int, m map[string]int, p *pair, fn func(int) int, e any, er error) (int8, uint8, int16, uint32, int64, float32, float64, complex64, complex128, string, []int, map[string]int, *pair, func(int) int, any, error, big) {
	var bg big
	for i := 0; i < 3; i++ {
		v := <-ch
		i8 += int8(v)
		u8 += uint8(v)
		i16 *= int16(v)
		u32 += uint32(v)
		i64 -= int64(v)
		f32 *= 1.5
		f64 += float64(v) / 3
		c64 *= complex(1, 1)
		c128 += complex(float64(v), 2)
		s += "x"
		sl = append(sl, v)
		m[s] = v
		p = &pair{p.a + v, p.b + s}
		old := fn
		fn = func(x int) int { return old(x) + v }
		e = [2]int{v, i}
		bg.x[i] = v
		bg.s += s
	}
	return i8, u8, i16, u32, i64, f32, f64, c64, c128, s, sl, m, p, fn, e, er, bg
}

type myErr struct{ s string }

func (m *myErr) Error() string { return m.s }

func relay(ch chan int) big {
	i8, u8, i16, u32, i64, f32, f64, c64, c128, s, sl, m, p, fn, e, er, bg := many(ch, 1, 2, 3, 4, 5, 1.25, 2.5, 1+2i, 3-4i, "s", nil, map[string]int{}, &pair{1, "p"}, func(x int) int { return x }, nil, &myErr{"err"})
	println(i8, u8, i16, u32, i64, f32, f64, c64, c128, s, len(sl), sl[0], sl[1], sl[2], len(m), p.a, p.b, fn(100), e.([2]int)[0], e.([2]int)[1], er.Error())
	return bg
}

func main() {
	ch := make(chan int)
	done := make(chan big)
	go func() { done <- relay(ch) }()
	for _, v := range []int{3, 5, 7} {
		ch <- v
	}
	bg := <-done
	println(bg.x[0], bg.x[1], bg.x[2], bg.s)
}
