// Packages container/heap, list and ring at work: shortest paths, a cache, a circle of people.
package main

import (
	"container/heap"
	"container/list"
	"container/ring"
	"fmt"
	"strings"
)

type edge struct {
	to   string
	cost int
}

type candidate struct {
	node  string
	cost  int
	index int
}

type frontier []*candidate

func (f frontier) Len() int           { return len(f) }
func (f frontier) Less(i, j int) bool { return f[i].cost < f[j].cost }
func (f frontier) Swap(i, j int) {
	f[i], f[j] = f[j], f[i]
	f[i].index, f[j].index = i, j
}
func (f *frontier) Push(x any) {
	c := x.(*candidate)
	c.index = len(*f)
	*f = append(*f, c)
}
func (f *frontier) Pop() any {
	old := *f
	last := old[len(old)-1]
	old[len(old)-1] = nil
	*f = old[:len(old)-1]
	last.index = -1
	return last
}

func shortest(graph map[string][]edge, from string) (map[string]int, map[string]string) {
	cost, before := map[string]int{}, map[string]string{}
	waiting := map[string]*candidate{}
	queue := &frontier{}
	heap.Push(queue, &candidate{node: from})
	for queue.Len() > 0 {
		next := heap.Pop(queue).(*candidate)
		cost[next.node] = next.cost
		for _, e := range graph[next.node] {
			if _, done := cost[e.to]; done {
				continue
			}
			total := next.cost + e.cost
			if known := waiting[e.to]; known == nil {
				waiting[e.to] = &candidate{node: e.to, cost: total}
				heap.Push(queue, waiting[e.to])
				before[e.to] = next.node
			} else if total < known.cost {
				known.cost = total
				heap.Fix(queue, known.index)
				before[e.to] = next.node
			}
		}
	}
	return cost, before
}

// cache forgets what was used longest ago.
type cache struct {
	limit   int
	order   *list.List
	entries map[string]*list.Element
}

type pair struct {
	key   string
	value int
}

func (c *cache) get(key string) (int, bool) {
	element, ok := c.entries[key]
	if !ok {
		return 0, false
	}
	c.order.MoveToFront(element)
	return element.Value.(pair).value, true
}

func (c *cache) put(key string, value int) {
	if element, ok := c.entries[key]; ok {
		element.Value = pair{key, value}
		c.order.MoveToFront(element)
		return
	}
	c.entries[key] = c.order.PushFront(pair{key, value})
	if c.order.Len() > c.limit {
		oldest := c.order.Back()
		delete(c.entries, c.order.Remove(oldest).(pair).key)
	}
}

func main() {
	graph := map[string][]edge{
		"a": {{"b", 7}, {"c", 9}, {"f", 14}}, "b": {{"c", 10}, {"d", 15}}, "c": {{"d", 11}, {"f", 2}}, "d": {{"e", 6}}, "f": {{"e", 9}},
	}
	cost, before := shortest(graph, "a")
	path := "e"
	for at := "e"; before[at] != ""; at = before[at] {
		path = before[at] + path
	}
	fmt.Println(cost, path)
	numbers := frontier{}
	for i, n := range []int{5, 2, 8, 1, 9, 3} {
		numbers = append(numbers, &candidate{cost: n, index: i})
	}
	heap.Init(&numbers)
	removed := heap.Remove(&numbers, 2).(*candidate)
	fmt.Print(removed.cost, ":")
	for numbers.Len() > 0 {
		fmt.Print(" ", heap.Pop(&numbers).(*candidate).cost)
	}
	fmt.Println()
	c := &cache{3, list.New(), map[string]*list.Element{}}
	for i, key := range strings.Split("abcadbea", "") {
		if value, ok := c.get(key); ok {
			fmt.Print(key, "=", value, " ")
		} else {
			c.put(key, i)
		}
	}
	for e := c.order.Front(); e != nil; e = e.Next() {
		fmt.Print(e.Value, " ")
	}
	fmt.Println(c.order.Len())
	l := list.New()
	two := l.PushBack(2)
	l.InsertBefore(1, two)
	l.InsertAfter(3, two)
	l.PushBackList(l)
	l.MoveToBack(two)
	for e := l.Back(); e != nil; e = e.Prev() {
		fmt.Print(e.Value)
	}
	fmt.Println()
	people := ring.New(7)
	for i := range people.Len() {
		people.Value = i + 1
		people = people.Next()
	}
	for people.Len() > 1 {
		people = people.Move(1)
		fmt.Print(people.Unlink(1).Value, " out, ")
	}
	people.Do(func(v any) { fmt.Println(v, "stays") })
}
