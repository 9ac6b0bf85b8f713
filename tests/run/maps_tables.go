// Maps: growth, deletion while ranging, keys of many kinds, NaN, and package maps.
package main

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

type key struct {
	name string
	at   [2]int8
	any  any
}

type shape interface{ area() float64 }
type square float64
type rect struct{ w, h float64 }

func (s square) area() float64 { return float64(s * s) }
func (r rect) area() float64   { return r.w * r.h }

func growth() {
	m := make(map[int]int)
	for i := range 20000 {
		m[i*7] = i
	}
	for i := 0; i < 20000; i += 2 {
		delete(m, i*7)
	}
	sum := 0
	for k, v := range m {
		if k != v*7 {
			panic("wrong pair")
		}
		sum += v
	}
	fmt.Println(len(m), sum, m[7], m[14], m[-1])
	for k := range m {
		delete(m, k)
	}
	fmt.Println(len(m))
	// Entries added while ranging may or may not be seen; those removed before they are reached may not.
	visited := map[string]int{"a": 0, "b": 0, "c": 0, "d": 0}
	seen := 0
	for k := range visited {
		seen++
		for other := range visited {
			if other != k {
				delete(visited, other)
			}
		}
	}
	fmt.Println(seen, len(visited))
}

func kinds() {
	m := map[key]string{{"x", [2]int8{1, 2}, 3}: "int", {"x", [2]int8{1, 2}, "3"}: "string", {any: shape(square(2))}: "square"}
	fmt.Println(m[key{"x", [2]int8{1, 2}, 3}], m[key{"x", [2]int8{1, 2}, "3"}], m[key{any: square(2)}], len(m[key{any: rect{}}]))
	areas := map[shape]float64{}
	for _, s := range []shape{square(2), rect{2, 2}, square(2), rect{1, 4}} {
		areas[s] += s.area()
	}
	fmt.Println(len(areas), areas[square(2)], areas[rect{2, 2}])
	floats := map[float64]int{0: 1, math.Copysign(0, -1): 2, math.NaN(): 3, math.NaN(): 4}
	floats[math.NaN()]++
	_, found := floats[math.NaN()]
	fmt.Println(len(floats), floats[0], found)
	clear(floats)
	fmt.Println(len(floats))
	pointers := map[*int]bool{new(int): true, nil: false}
	channels := map[chan int]int{make(chan int): 1, nil: 2}
	fmt.Println(len(pointers), channels[nil], map[complex64]int{1i: 5}[1i], map[bool]int{true: 1}[1 > 0])
	arrays := map[[3]string]int{{"a", "b", "c"}: 1}
	arrays[[3]string{"a", "b", "c"}]++
	fmt.Println(arrays)
	nested := map[string]map[string][]int{}
	for _, path := range strings.Fields("a/x a/y b/x a/x") {
		first, second, _ := strings.Cut(path, "/")
		if nested[first] == nil {
			nested[first] = make(map[string][]int)
		}
		nested[first][second] = append(nested[first][second], len(nested))
	}
	fmt.Println(nested)
	defer func() { fmt.Println("recovered:", recover()) }()
	m[key{any: []int{1}}] = "unhashable"
}

func packageMaps() {
	stock := map[string]int{"apple": 5, "pear": 0, "fig": 12}
	keys := slices.Sorted(maps.Keys(stock))
	values := slices.Sorted(maps.Values(stock))
	fmt.Println(keys, values)
	copied := maps.Clone(stock)
	maps.DeleteFunc(copied, func(_ string, n int) bool { return n == 0 })
	fmt.Println(copied, maps.Equal(stock, copied))
	maps.Copy(copied, map[string]int{"kiwi": 1, "fig": 0})
	collected := maps.Collect(slices.All([]string{"zero", "one"}))
	maps.Insert(collected, maps.All(map[int]string{7: "seven"}))
	fmt.Println(copied, collected)
	same := maps.EqualFunc(stock, map[string]string{"apple": "*****", "pear": "", "fig": strings.Repeat("*", 12)},
		func(n int, stars string) bool { return n == len(stars) })
	fmt.Println(same)
	var empty map[string]int
	delete(empty, "x")
	for range empty {
		panic("nothing to see")
	}
	fmt.Println(empty["x"], len(empty), empty == nil, maps.Clone(empty) == nil)
	defer func() { fmt.Println("recovered:", recover()) }()
	empty["x"] = 1
}

func main() {
	growth()
	kinds()
	packageMaps()
}
