// Closures: captured variables shared and separate, recursion, currying, memoising, method values, evaluation order.
package main

import (
	"fmt"
	"sort"
	"strings"
)

type account struct {
	deposit  func(int) int
	withdraw func(int) error
	history  func() string
}

func newAccount(owner string) account {
	balance := 0
	var events []string
	note := func(format string, args ...any) { events = append(events, fmt.Sprintf(format, args...)) }
	return account{
		deposit: func(n int) int {
			balance += n
			note("+%d", n)
			return balance
		},
		withdraw: func(n int) error {
			if n > balance {
				note("!%d", n)
				return fmt.Errorf("%s: only %d left", owner, balance)
			}
			balance -= n
			note("-%d", n)
			return nil
		},
		history: func() string { return strings.Join(events, " ") },
	}
}

func memo[K comparable, V any](f func(self func(K) V, key K) V) func(K) V {
	known := map[K]V{}
	var self func(K) V
	self = func(key K) V {
		if v, ok := known[key]; ok {
			return v
		}
		v := f(self, key)
		known[key] = v
		return v
	}
	return self
}

type counter struct{ n int }

func (c *counter) increment(by int) int { c.n += by; return c.n }
func (c counter) show() string          { return fmt.Sprint("counter ", c.n) }

type celled interface{ show() string }

func trace(name string, log *[]string) string {
	*log = append(*log, name)
	return name
}

func pair(log *[]string, name string) (int, string) {
	*log = append(*log, name)
	return len(*log), name
}

func compose[A, B, C any](f func(A) B, g func(B) C) func(A) C { return func(a A) C { return g(f(a)) } }

func loops() {
	var perIteration, shared []func() int
	j := 0
	for i := 0; i < 3; i++ {
		perIteration = append(perIteration, func() int { i *= 10; return i })
		shared = append(shared, func() int { j++; return j })
		if i == 1 {
			perIteration[1]()
			i /= 10
		}
	}
	for k := range 3 {
		fmt.Print(perIteration[k](), shared[k](), " ")
	}
	x := 1
	f := func() func() int {
		x := x + 1
		return func() int { x++; return x }
	}()
	fmt.Println(f(), f(), x)
}

func order() {
	var log []string
	list := []string{"a", "b", "c"}
	at := func(i int) int { trace(fmt.Sprint("index", i), &log); return i }
	list[at(0)], list[at(1)] = trace("left", &log), trace("right", &log)
	m := map[string]func(...string) string{"join": func(s ...string) string { return strings.Join(s, "+") }}
	m[trace("join", &log)](trace("x", &log), trace("y", &log))
	n, s := pair(&log, "pair")
	_ = trace("first", &log) == "other" && trace("skipped", &log) == ""
	func(s string, f func() string) { trace(s+f(), &log) }(trace("argument", &log), func() string { return "!" })
	fmt.Println(list, n, s, log)
	i := 0
	i, list[i] = 2, "zero"
	defer func(s string) { fmt.Println(s, list[2], i) }(list[i])
	list[2], i = "changed", 7
}

func main() {
	a, b := newAccount("ann"), newAccount("bob")
	a.deposit(50)
	fmt.Println(a.deposit(25), a.withdraw(100), a.withdraw(70), b.withdraw(1), a.history(), b.history())
	fibonacci := memo(func(self func(int) int, n int) int {
		if n < 2 {
			return n
		}
		return self(n-1) + self(n-2)
	})
	paths := memo(func(self func([2]int) int, at [2]int) int {
		if at[0] == 0 || at[1] == 0 {
			return 1
		}
		return self([2]int{at[0] - 1, at[1]}) + self([2]int{at[0], at[1] - 1})
	})
	fmt.Println(fibonacci(80), paths([2]int{16, 16}))
	c := counter{1}
	increment, show, expression := c.increment, c.show, (*counter).increment
	increment(5)
	fmt.Println(expression(&c, 10), show(), c.show(), counter.show(counter{3}))
	var shower celled = &c
	bound := shower.show
	shower = counter{99}
	fmt.Println(bound(), shower.show(), celled.show(shower))
	add := func(a int) func(int) func(int) int {
		return func(b int) func(int) int { return func(c int) int { return a*100 + b*10 + c } }
	}
	fmt.Println(add(1)(2)(3), compose(strings.ToUpper, func(s string) int { return len(s) })("abc"), compose(add(4)(5), func(n int) string { return fmt.Sprint("<", n, ">") })(6))
	loops()
	order()
	var even, odd func(int) bool
	even = func(n int) bool { return n == 0 || odd(n-1) }
	odd = func(n int) bool { return n != 0 && even(n-1) }
	fmt.Println(even(1000), odd(7))
	people := []string{"Zoe", "adam", "Bob"}
	key := strings.ToLower
	sort.Slice(people, func(i, j int) bool { return key(people[i]) < key(people[j]) })
	fmt.Println(people, func(xs ...int) int { return len(xs) }(), func() (n int) {
		defer func() { n *= 2 }()
		return 21
	}())
	handlers := map[string]func(float64, float64) float64{"+": func(a, b float64) float64 { return a + b }, "/": func(a, b float64) float64 { return a / b }}
	stack := []float64{}
	for _, token := range strings.Fields("6 4 + 5 /") {
		if op, ok := handlers[token]; ok {
			top := len(stack) - 1
			stack = append(stack[:top-1], op(stack[top-1], stack[top]))
		} else {
			var n float64
			fmt.Sscan(token, &n)
			stack = append(stack, n)
		}
	}
	fmt.Println(stack)
}
