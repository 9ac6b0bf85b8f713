// Sorting: package sort through its interface, package slices with and without a function, a heap.
package main

import (
	"cmp"
	"container/heap"
	"fmt"
	"slices"
	"sort"
)

const size = 200_000

type person struct {
	name string
	age  int
	id   uint32
}

type byAge []person

func (people byAge) Len() int           { return len(people) }
func (people byAge) Less(i, j int) bool { return people[i].age < people[j].age }
func (people byAge) Swap(i, j int)      { people[i], people[j] = people[j], people[i] }

type queue []uint32

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i] < q[j] }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(uint32)) }
func (q *queue) Pop() any {
	last := len(*q) - 1
	x := (*q)[last]
	*q = (*q)[:last]
	return x
}

func main() {
	seed := uint32(42)
	random := func() uint32 {
		seed ^= seed << 13
		seed ^= seed >> 17
		seed ^= seed << 5
		return seed
	}
	people := make([]person, size)
	numbers := make([]uint32, 2*size)
	for i := range people {
		people[i] = person{fmt.Sprintf("n%07d", random()%5_000_000), int(random() % 100), random()}
	}
	for i := range numbers {
		numbers[i] = random()
	}
	checksum := uint32(0)
	mix := func(x uint32) { checksum = checksum*31 + x }

	sort.Stable(byAge(people))
	mix(people[size/2].id)
	slices.SortFunc(people, func(a, b person) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.id, b.id))
	})
	mix(people[size/3].id)
	sort.Slice(people, func(i, j int) bool { return people[i].id < people[j].id })
	mix(uint32(people[size/5].age))

	q := queue(slices.Clone(numbers[:size/2]))
	heap.Init(&q)
	for range size / 2 {
		heap.Push(&q, random())
		mix(heap.Pop(&q).(uint32))
	}
	slices.Sort(numbers)
	for i := range 1000 {
		at, found := slices.BinarySearch(numbers, uint32(i)*4_000_000)
		mix(uint32(at))
		if found {
			mix(1)
		}
	}
	fmt.Println(checksum)
}
