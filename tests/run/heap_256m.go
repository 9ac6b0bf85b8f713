// A live heap of 256 MB that is collected again and again while garbage is made, and stays what it was.
package main

import (
	"fmt"
	"runtime"
)

// node is 64 bytes on every 64-bit layout.
type node struct {
	left, right *node
	value       int
	text        []byte
	_           [8]byte
}

const live = 256 << 20

var scraps []*node

func build(depth int) *node {
	if depth == 0 {
		return nil
	}
	n := &node{left: build(depth - 1), right: build(depth - 1), value: depth}
	return n
}

func (n *node) sum() int {
	if n == nil {
		return 0
	}
	return n.value + n.left.sum() + n.right.sum()
}

func main() {
	// Trees of 2^16-1 nodes of 64 bytes, 4 MB each.
	trees := make([]*node, live/(64<<16))
	expected := 0
	for i := range trees {
		trees[i] = build(16)
		expected = trees[i].sum()
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	fmt.Println("live:", before.HeapAlloc >= live-live/16, len(trees))
	// Four times the live heap in garbage of mixed sizes, some of it kept for a while.
	made := 0
	for i := 0; made < 4*live; i++ {
		n := &node{value: i, text: make([]byte, i%2000)}
		made += 64 + len(n.text)
		if i%64 == 0 {
			scraps = append(scraps, n)
		}
		if len(scraps) == 1000 {
			scraps = scraps[:0]
		}
	}
	runtime.ReadMemStats(&after)
	fmt.Println("collected meanwhile:", after.NumGC > before.NumGC)
	fmt.Println("bounded:", after.HeapAlloc < 4*live)
	right := 0
	for _, tree := range trees {
		if tree.sum() == expected {
			right++
		}
	}
	fmt.Println("intact:", right)
	clear(trees)
	runtime.GC()
	runtime.ReadMemStats(&after)
	fmt.Println("freed:", after.HeapAlloc < live/8)
}
