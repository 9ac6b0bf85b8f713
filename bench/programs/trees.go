// Garbage: trees that live for long, trees that do not, slices that grow, a cache of pointers.
package main

import "fmt"

type node struct {
	left, right *node
	value       int
}

func build(depth, value int) *node {
	if depth == 0 {
		return &node{value: value}
	}
	return &node{build(depth-1, 2*value), build(depth-1, 2*value+1), value}
}

func (n *node) sum() int {
	if n == nil {
		return 0
	}
	return n.value&7 + n.left.sum() + n.right.sum()
}

func (n *node) insert(value int) *node {
	if n == nil {
		return &node{value: value}
	}
	if value < n.value {
		n.left = n.left.insert(value)
	} else {
		n.right = n.right.insert(value)
	}
	return n
}

const deepest = 15

func main() {
	long := build(deepest, 1)
	total := 0
	for depth := 4; depth <= deepest; depth += 2 {
		for i := range 1 << (deepest - depth + 3) {
			total += build(depth, i).sum()
		}
	}
	cache := make([]*node, 512)
	seed := uint32(7)
	var search *node
	for i := range 400_000 {
		seed = seed*1664525 + 1013904223
		slot := &cache[seed>>23]
		*slot = &node{left: *slot, value: i}
		if i%8 == 0 {
			(*slot).left = nil
			search = search.insert(int(seed >> 12))
		}
	}
	var slices [][]int
	for i := range 2000 {
		var s []int
		for j := range 200 {
			s = append(s, i*j)
		}
		if i%10 == 0 {
			slices = append(slices, s)
		}
		total += len(s) + cap(s)%3
	}
	for _, n := range cache {
		total += n.sum()
	}
	fmt.Println(total, long.sum(), search.sum(), len(slices))
}
