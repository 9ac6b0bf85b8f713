// Loops over functions: deferred calls, panics, and iterators that call their loop when they must not.
package main

import "fmt"

func it(n int) func(func(int) bool) {
	return func(y func(int) bool) {
		defer fmt.Println("iterator done")
		for i := 0; i < n; i++ {
			if !y(i) {
				return
			}
		}
	}
}

func f() (r int) {
	defer func() { fmt.Println("first", r) }()
	for i := range it(3) {
		defer func() { r += i; fmt.Println("deferred", i, r) }()
		for j := range it(2) {
			defer fmt.Println("inner", i, j)
			if i == 2 {
				return 100
			}
		}
	}
	fmt.Println("end")
	return 1
}

func p() (err error) {
	defer func() {
		if e := recover(); e != nil {
			err = fmt.Errorf("recovered %v", e)
		}
	}()
	for i := range it(3) {
		if i == 1 {
			panic("body")
		}
	}
	return nil
}

func q() (s string) {
	defer func() { s = fmt.Sprint(recover()) }()
	var keep func(int) bool
	for range func(y func(int) bool) { keep = y; y(1) } {
	}
	keep(2)
	return "none"
}
func q2() (s string) {
	defer func() { s = fmt.Sprint(recover()) }()
	for range func(y func(int) bool) { y(1); y(2) } {
		break
	}
	return "none"
}
func q3() (s string) {
	defer func() { s = fmt.Sprint(recover()) }()
	for range func(y func(int) bool) { defer func() { recover() }(); y(1) } {
		panic("x")
	}
	return "none"
}
func q4() (s string) {
	defer func() { s = fmt.Sprint(recover()) }()
	for range func(y func(int) bool) {
		func() { defer func() { recover() }(); y(1) }()
		y(2)
	} {
		panic("x")
	}
	return "none"
}
func q5() (s string) {
	defer func() { s = fmt.Sprint(recover()) }()
	var f func(func() bool)
	for range f {
	}
	return "none"
}
func loopdefer() {
	for i := range it(3) {
		if i == 1 {
			continue
		}
		defer func(n int) { fmt.Println("ld", i, n) }(i * 2)
	}
}
func recoverInner() (n int, err error) {
	for i := range it(4) {
		defer func() {
			if e := recover(); e != nil {
				err = fmt.Errorf("at %d: %v", i, e)
				n = i * 10
			}
		}()
		if i == 2 {
			panic("two")
		}
	}
	return 5, nil
}
func main() {
	fmt.Println(f())
	fmt.Println(p())
	fmt.Println(q())
	fmt.Println(q2())
	fmt.Println(q3())
	fmt.Println(q4())
	fmt.Println(q5())
	loopdefer()
	fmt.Println(recoverInner())
}
