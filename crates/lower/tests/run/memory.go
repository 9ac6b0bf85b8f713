// Structs, arrays, slices, pointers, closures, methods.
//
// run: point(3, 4) = 25
// run: swap(1, 2) = 2, 1
// run: array(5) = 10
// run: arrayIndex(7) panics: runtime error: index out of range [7] with length 3
// run: counter(5) = 15
// run: method(6) = 12
// run: slice(2) = 30
// run: generic(20, 22) = 42
package main

type vec struct{ x, y int }

func (v vec) dot(w vec) int { return v.x*w.x + v.y*w.y }
func (v *vec) scale(n int)  { v.x *= n; v.y *= n }

func point(x, y int) int {
	v := vec{x, y}
	return v.dot(v)
}

func swap(a, b int) (int, int) {
	p, q := &a, &b
	*p, *q = *q, *p
	return a, b
}

func array(n int) int {
	var a [16]int
	for i := range n {
		a[i] = i
	}
	total := 0
	for _, v := range a {
		total += v
	}
	return total
}

func arrayIndex(i int) int {
	a := [3]int{1, 2, 3}
	return a[i]
}

func counter(n int) int {
	total := 0
	add := func(x int) { total += x }
	for i := 1; i <= n; i++ {
		add(i)
	}
	return total
}

func method(n int) int {
	v := vec{1, 1}
	v.scale(n)
	return v.x + v.y
}

func slice(i int) int {
	s := []int{10, 20, 30}
	t := s[1:]
	return t[i-1]
}

type number interface{ ~int | ~float64 }

func plus[T number](a, b T) T { return a + b }

func generic(a, b int) int { return plus(a, b) }

func main() {}
