// Memory past the first two gibibytes, where addresses no longer fit a signed 32-bit number.
package main

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"unsafe"
)

const piece = 256 << 20

type linked struct {
	next *linked
	at   int
	text string
}

func main() {
	var pieces [][]byte
	past := -1
	for i := range 9 {
		p := make([]byte, piece)
		p[0], p[piece-1] = byte(i), byte(i+100)
		pieces = append(pieces, p)
		if past < 0 && uintptr(unsafe.Pointer(&p[piece-1])) >= 1<<31 {
			past = i
		}
	}
	fmt.Println("past 2 GiB:", past >= 0)
	ok := true
	for i, p := range pieces {
		ok = ok && p[0] == byte(i) && p[piece-1] == byte(i+100) && p[piece/2] == 0
	}
	fmt.Println("kept:", ok)
	high := pieces[len(pieces)-1]
	copy(high[1000:], "text in high memory")
	fmt.Println(string(high[1000:1019]), bytes.IndexByte(high, 'h'), bytes.Count(high[:2000], []byte("high")), len(high[piece-10:]))
	copy(high[piece-5000:], high[:4000])
	fmt.Println(bytes.Equal(high[piece-5000:piece-1000], high[:4000]))
	func() {
		defer func() { fmt.Println("recovered:", recover()) }()
		n := piece
		high[n] = 1
	}()
	// Small objects, maps, channels and strings made now lie up there as well.
	var list *linked
	index := map[string]*linked{}
	for i := range 20000 {
		list = &linked{list, i, strings.Repeat("x", i%10)}
		index[fmt.Sprint(i)] = list
	}
	runtime.GC()
	count := 0
	for l := list; l != nil; l = l.next {
		if index[fmt.Sprint(l.at)] == l && len(l.text) == l.at%10 {
			count++
		}
	}
	fmt.Println(count)
	numbers := make([]uint64, 1000, 2000)
	for i := range numbers {
		numbers[i] = uint64(i) << 40
	}
	numbers = append(numbers, numbers...)
	fmt.Println(numbers[1999], len(numbers))
	done := make(chan *linked)
	go func() { done <- &linked{at: len(pieces)} }()
	fmt.Println((<-done).at)
	for i := range pieces {
		pieces[i] = nil
	}
	high = nil
	runtime.GC()
	again := make([]byte, 2*piece)
	fmt.Println(len(again), again[0], again[2*piece-1])
}
