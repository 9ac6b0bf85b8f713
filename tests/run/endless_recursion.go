//run:trace

// Endless recursion ends in Go's own message, whatever the host's stack is.
package main

type node struct{ next *node }

func (n *node) length(seen []int) int {
	local := [4]int{len(seen), 1, 2, 3}
	return n.next.length(local[:]) + local[len(seen)%4]
}

func main() {
	println("down")
	circle := &node{}
	circle.next = circle
	println(circle.length(nil))
}
