// Sorting and searching, by package sort and by package slices, of records with equal keys.
package main

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strings"
)

type employee struct {
	name   string
	age    int
	salary float64
}

var staff = []employee{
	{"Ines", 34, 5200}, {"Otto", 51, 4100}, {"Mara", 28, 5200}, {"Bela", 34, 3900},
	{"Zoe", 45, 6100}, {"Udo", 28, 4100}, {"Ann", 51, 6100}, {"Lev", 34, 5200},
}

func names(people []employee) string {
	var list []string
	for _, e := range people {
		list = append(list, e.name)
	}
	return strings.Join(list, " ")
}

type byAge []employee

func (b byAge) Len() int           { return len(b) }
func (b byAge) Less(i, j int) bool { return b[i].age < b[j].age }
func (b byAge) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

// A generator of numbers that needs no package.
type sequence uint32

func (s *sequence) next() int {
	*s = *s*1664525 + 1013904223
	return int(*s >> 8)
}

func withSort() {
	people := slices.Clone(staff)
	sort.Stable(byAge(people))
	fmt.Println(names(people))
	sort.Stable(sort.Reverse(byAge(people)))
	fmt.Println(names(people), sort.IsSorted(byAge(people)))
	sort.SliceStable(people, func(i, j int) bool { return people[i].salary > people[j].salary })
	fmt.Println(names(people))
	sort.Slice(people, func(i, j int) bool { return people[i].name < people[j].name })
	at := sort.Search(len(people), func(i int) bool { return people[i].name >= "M" })
	fmt.Println(names(people), at, people[at].name)
	words := sort.StringSlice{"pear", "fig", "apple"}
	words.Sort()
	floats := []float64{2.5, -1, 1e9, 0}
	sort.Float64s(floats)
	fmt.Println(words, words.Search("fig"), floats, sort.SearchInts([]int{1, 3, 5, 7}, 4))
	i, found := sort.Find(len(words), func(i int) int { return strings.Compare("pear", words[i]) })
	fmt.Println(i, found)
}

func large() {
	seed := sequence(1)
	numbers := make([]int, 5000)
	for i := range numbers {
		numbers[i] = seed.next() % 1000
	}
	a, b, c := slices.Clone(numbers), slices.Clone(numbers), slices.Clone(numbers)
	slices.Sort(a)
	sort.Ints(b)
	slices.SortFunc(c, func(x, y int) int { return y - x })
	slices.Reverse(c)
	fmt.Println(slices.Equal(a, b), slices.Equal(b, c), slices.IsSorted(a), a[0], a[2500], a[4999])
	unique := slices.Compact(slices.Clone(a))
	fmt.Println(len(unique), slices.Min(numbers), slices.Max(numbers))
	type pair struct{ key, order int }
	pairs := make([]pair, len(numbers))
	for i, n := range numbers {
		pairs[i] = pair{n % 10, i}
	}
	slices.SortStableFunc(pairs, func(x, y pair) int { return cmp.Compare(x.key, y.key) })
	fmt.Println(slices.IsSortedFunc(pairs, func(x, y pair) int {
		return cmp.Or(cmp.Compare(x.key, y.key), cmp.Compare(x.order, y.order))
	}))
}

func withSlices() {
	people := slices.SortedFunc(slices.Values(staff), func(a, b employee) int {
		return cmp.Or(-cmp.Compare(a.salary, b.salary), cmp.Compare(a.age, b.age), strings.Compare(a.name, b.name))
	})
	fmt.Println(names(people))
	youngest := slices.MinFunc(staff, func(a, b employee) int { return cmp.Compare(a.age, b.age) })
	at, found := slices.BinarySearchFunc([]int{10, 20, 30}, 25, cmp.Compare[int])
	fmt.Println(youngest, at, found)
	s := []int{1, 2, 3, 4, 5, 6}
	s = slices.Insert(s, 2, 20, 21)
	s = slices.Delete(s, 0, 1)
	s = slices.Replace(s, 1, 3, 9, 9, 9)
	fmt.Println(s, slices.Index(s, 9), slices.Contains(s, 7), slices.IndexFunc(s, func(n int) bool { return n > 9 }))
	s = slices.DeleteFunc(s, func(n int) bool { return n == 9 })
	fmt.Println(s, slices.Compare(s, []int{2, 4}), slices.Concat(s, []int{0}, s[:1]), slices.Repeat([]string{"a", "b"}, 2))
	for chunk := range slices.Chunk([]int{1, 2, 3, 4, 5}, 2) {
		fmt.Print(chunk, cap(chunk), " ")
	}
	for i, v := range slices.Backward([]string{"x", "y", "z"}) {
		fmt.Print(i, v, " ")
	}
	fmt.Println(slices.Collect(slices.Values(s)), slices.ContainsFunc(s, func(n int) bool { return n < 0 }), cap(slices.Clip(s)) == len(s))
	grown := slices.Grow([]int{1}, 100)
	fmt.Println(len(grown), cap(grown) >= 101, slices.EqualFunc([]int{1, 2}, []string{"1", "2"}, func(n int, t string) bool { return fmt.Sprint(n) == t }))
	defer func() { fmt.Println("recovered:", recover()) }()
	slices.Insert(s, 99, 1)
}

func main() {
	withSort()
	large()
	withSlices()
}
