// Deferred closures whose records and captures may lie in the frame: in loops, branches, recursion, panics, parked.
package main

import "fmt"

func looped(n int) (result []int) {
	for i := range n {
		square := i * i
		defer func() { square++; result = append(result, square) }()
	}
	return nil
}

func branched(which bool) (result string) {
	text := "start"
	if which {
		defer func() { result += " first " + text }()
	} else {
		defer func() { result += " second " + text }()
	}
	text = "end"
	return "body"
}

func nested(depth int) (sum int) {
	here := [3]int{depth, depth, depth}
	defer func() { sum += here[depth%3] }()
	if depth == 0 {
		return 0
	}
	here[depth%3] *= 10
	return nested(depth - 1)
}

func recovered(list []int, at int) (result int, err error) {
	steps := []string{"begin"}
	defer func() {
		if e := recover(); e != nil {
			err = fmt.Errorf("%v after %v", e, steps)
		}
	}()
	steps = append(steps, "index")
	result = 1
	result = list[at]
	return result, nil
}

func parked(in <-chan int) (sum int) {
	start := 100
	defer func() { sum += start + <-in }()
	start += <-in
	return <-in
}

func main() {
	fmt.Println(looped(5))
	fmt.Println(branched(true), branched(false))
	fmt.Println(nested(50))
	fmt.Println(recovered([]int{7}, 0))
	fmt.Println(recovered(nil, 3))
	in := make(chan int)
	go func() {
		for i := range 3 {
			in <- i + 1
		}
	}()
	fmt.Println(parked(in))
}
