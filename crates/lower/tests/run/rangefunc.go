// Loops over functions: what leads out of their bodies, captured variables, nesting.
//
// run: sum(5) = 10
// run: pairs(4) = 14
// run: none(3) = 3
// run: firstOver(10, 3) = 4
// run: firstOver(3, 10) = -1
// run: breaks(10) = 3
// run: continues(6) = 9
// run: outer(0) = 1108
// run: outer(1) = 1001
// run: outer(2) = 100
// run: outer(3) = 77
// run: outer(4) = 103
// run: jumps(3) = 33
// run: closures(3) = 3
// run: assigned(4) = 43
// run: generic(5) = 10
// run: method(3) = 6
// run: results(2) = 2, 20
// run: results(9) = 9, -1
// run: inLiteral(4) = 6
// run: inSwitch(5) = 7
// run: array(3) = 9
package main

func count(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := 0; i < n; i++ {
			if !yield(i) {
				return
			}
		}
	}
}

func squares(yield func(int, int) bool) {
	for i := 0; yield(i, i*i); i++ {
	}
}

func sum(n int) int {
	total := 0
	for i := range count(n) {
		total += i
	}
	return total
}

func pairs(n int) (total int) {
	for i, square := range squares {
		if i == n {
			break
		}
		total += square
	}
	return
}

func none(n int) int {
	times := 0
	f := func(yield func() bool) {
		for range n {
			yield()
		}
	}
	for range f {
		times++
	}
	return times
}

func firstOver(n, limit int) int {
	for i := range count(n) {
		if i > limit {
			return i
		}
	}
	return -1
}

func breaks(n int) int {
	last := 0
	for i := range count(n) {
		last = i
		if i == 3 {
			break
		}
	}
	return last
}

func continues(n int) int {
	total := 0
	for i := range count(n) {
		if i%2 == 0 {
			continue
		}
		total += i
	}
	return total
}

func outer(how int) int {
	total := 0
Outer:
	for i := range count(2) {
		total += 100
		for range count(2) {
			for j := range 5 {
				switch {
				case j < 3:
					total++
					continue
				case how == 0:
					total += 448
					break
				case how == 1 && i == 0:
					total += 398
					continue Outer
				case how == 1 && i == 1:
					total += 397
					break Outer
				case how == 2:
					total -= 3
					break Outer
				case how == 3:
					return 77
				case how == 4:
					goto done
				}
				break
			}
			if how == 0 && i == 0 {
				break
			}
			if how == 0 {
				total += 2
				break Outer
			}
		}
		if how == 0 {
			total += 4
		}
	}
	if how == 1 {
		total -= 0
	}
done:
	return total
}

func jumps(n int) int {
	total := 0
again:
	for i := range count(10) {
		for j := range count(10) {
			if j == 1 {
				total += 10
				if total < 10*n {
					goto again
				}
				goto out
			}
			total += i
		}
	}
out:
	return total + n
}

func closures(n int) int {
	var fs []func() int
	for i := range count(n) {
		fs = append(fs, func() int { i++; return i })
	}
	total := 0
	for _, f := range fs {
		total = f()
	}
	return total
}

func assigned(n int) int {
	var i, last int
	for i = range count(n) {
		last = i * 10
	}
	return last + i + 10
}

func each[S ~[]E, E any](s S) func(func(E) bool) {
	return func(yield func(E) bool) {
		for _, e := range s {
			if !yield(e) {
				return
			}
		}
	}
}

func total[F ~func(func(T) bool), T int | int8](f F) (sum T) {
	for x := range f {
		sum += x
	}
	return sum
}

func generic(n int) int {
	var s []int
	for i := range n {
		s = append(s, i)
	}
	return total(each(s))
}

type list struct {
	value int
	next  *list
}

func (l *list) all(yield func(int) bool) {
	for ; l != nil; l = l.next {
		if !yield(l.value) {
			return
		}
	}
}

func method(n int) int {
	var l *list
	for i := range n {
		l = &list{i + 1, l}
	}
	total := 0
	for x := range l.all {
		total += x
	}
	return total
}

func results(n int) (x, y int) {
	y = -1
	for x = range count(5) {
		if x == n {
			return x, 10 * n
		}
	}
	for i := range count(100) {
		if i == n {
			x = i
			return
		}
	}
	return
}

func inLiteral(n int) int {
	f := func() int {
		total := 0
		for i := range count(n) {
			func() {
				for j := range count(2) {
					if j == 1 {
						return
					}
					total += i
				}
			}()
		}
		return total
	}
	return f()
}

func inSwitch(n int) int {
	total := 0
	for i := range count(n) {
		switch i {
		case 3:
			break
		default:
			total += i
		}
	}
	return total
}

type big struct{ a, b, c, d, e, f, g, h, i int }

func bigs(yield func(big) bool) {
	b := big{a: 1, i: 2}
	for yield(b) {
		b.i += 2
		b.a++
	}
}

func array(n int) int {
	found := func() big {
		for b := range bigs {
			if b.a == n {
				return b
			}
		}
		return big{}
	}()
	return found.a + found.i
}
