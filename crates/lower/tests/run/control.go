// Loops, switches, labels, recursion, several results.
//
// run: sum(10) = 55
// run: fib(20) = 6765
// run: collatz(27) = 111
// run: class(0) = 10
// run: class(5) = 20
// run: class(100) = 30
// run: class(7) = 25
// run: primes(30) = 10
// run: divmod(17, 5) = 3, 2
// run: early(3, 4) = 7
// run: early(-3, 4) = -1
package main

func sum(n int) int {
	total := 0
	for i := 1; i <= n; i++ {
		total += i
	}
	return total
}

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

func collatz(n int) (steps int) {
	for n != 1 {
		if n%2 == 0 {
			n /= 2
		} else {
			n = 3*n + 1
		}
		steps++
	}
	return
}

func class(n int) int {
	switch {
	case n == 0:
		return 10
	case n < 6:
		return 20
	}
	switch n {
	case 7:
		n = 25
	case 8, 9:
		n = 26
	default:
		n = 30
	}
	return n
}

func primes(n int) int {
	count := 0
outer:
	for i := 2; i < n; i++ {
		for j := 2; j*j <= i; j++ {
			if i%j == 0 {
				continue outer
			}
		}
		count++
	}
	return count
}

func divmod(x, y int) (int, int) { return x / y, x % y }

func early(x, y int) int {
	if x < 0 && y > 0 || x > 1000 {
		return -1
	}
	q, r := divmod(x+y, 1)
	return q + r
}

func main() {}
