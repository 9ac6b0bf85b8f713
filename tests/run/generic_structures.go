// Generic containers: a balanced map, a linked list, an optional, a graph, and functions over them.
package main

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"strings"
)

// treap is an ordered map; priorities come from a generator of its own.
type treap[K, V any] struct {
	root    *treapNode[K, V]
	compare func(K, K) int
	state   uint32
	size    int
}

type treapNode[K, V any] struct {
	key         K
	value       V
	priority    uint32
	left, right *treapNode[K, V]
}

func newTreap[K cmp.Ordered, V any]() *treap[K, V] {
	return &treap[K, V]{compare: cmp.Compare[K], state: 1}
}

func (t *treap[K, V]) put(key K, value V) { t.root = t.insert(t.root, key, value) }

func (t *treap[K, V]) insert(n *treapNode[K, V], key K, value V) *treapNode[K, V] {
	if n == nil {
		t.state = t.state*1664525 + 1013904223
		t.size++
		return &treapNode[K, V]{key: key, value: value, priority: t.state}
	}
	switch c := t.compare(key, n.key); {
	case c < 0:
		if n.left = t.insert(n.left, key, value); n.left.priority > n.priority {
			n.left, n.left.right, n = n.left.right, n, n.left
		}
	case c > 0:
		if n.right = t.insert(n.right, key, value); n.right.priority > n.priority {
			n.right, n.right.left, n = n.right.left, n, n.right
		}
	default:
		n.value = value
	}
	return n
}

func (t *treap[K, V]) get(key K) option[V] {
	for n := t.root; n != nil; {
		switch c := t.compare(key, n.key); {
		case c < 0:
			n = n.left
		case c > 0:
			n = n.right
		default:
			return some(n.value)
		}
	}
	return option[V]{}
}

func (t *treap[K, V]) all() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) { t.root.walk(yield) }
}

func (n *treapNode[K, V]) walk(yield func(K, V) bool) bool {
	return n == nil || n.left.walk(yield) && yield(n.key, n.value) && n.right.walk(yield)
}

type option[T any] struct {
	value T
	ok    bool
}

func some[T any](value T) option[T] { return option[T]{value, true} }
func (o option[T]) or(other T) T {
	if o.ok {
		return o.value
	}
	return other
}
func (o option[T]) String() string {
	if !o.ok {
		return fmt.Sprintf("none[%T]", o.value)
	}
	return fmt.Sprintf("some(%v)", o.value)
}

type list[T any] struct {
	head T
	tail *list[T]
}

func listOf[T any](items ...T) (l *list[T]) {
	for i := len(items) - 1; i >= 0; i-- {
		l = &list[T]{items[i], l}
	}
	return l
}

func fold[A, T any](l *list[T], start A, f func(A, T) A) A {
	for ; l != nil; l = l.tail {
		start = f(start, l.head)
	}
	return start
}

func mapList[A, B any](l *list[A], f func(A) B) *list[B] {
	if l == nil {
		return nil
	}
	return &list[B]{f(l.head), mapList(l.tail, f)}
}

type node interface {
	comparable
	Neighbours() []string
}

type city string

var roads = map[city][]string{"A": {"B", "C"}, "B": {"D"}, "C": {"D", "E"}, "D": {"F"}, "E": {"F"}, "F": nil}

func (c city) Neighbours() []string { return roads[c] }

func reach[N node](start N, parse func(string) N) []N {
	seen, queue := map[N]bool{start: true}, []N{start}
	for i := 0; i < len(queue); i++ {
		for _, name := range queue[i].Neighbours() {
			if n := parse(name); !seen[n] {
				seen[n] = true
				queue = append(queue, n)
			}
		}
	}
	return queue
}

type result[T any] struct {
	value T
	err   error
}

func try[T any](f func() T) (r result[T]) {
	defer func() {
		if problem := recover(); problem != nil {
			r.err = errors.New(fmt.Sprint(problem))
		}
	}()
	return result[T]{value: f()}
}

func main() {
	counts := newTreap[string, int]()
	for _, word := range strings.Fields("the cat and the dog and the bird saw the sea") {
		counts.put(word, counts.get(word).or(0)+1)
	}
	for word, n := range counts.all() {
		fmt.Print(word, ":", n, " ")
	}
	fmt.Println(counts.size, counts.get("dog"), counts.get("cow"))
	floats := newTreap[float64, []string]()
	for i := range 100 {
		floats.put(float64(i*37%100)/4, []string{fmt.Sprint(i)})
	}
	for key, value := range floats.all() {
		if key > 2 {
			break
		}
		fmt.Print(key, value, " ")
	}
	fmt.Println(floats.size, floats.get(0.25), floats.get(99))
	byLength := &treap[string, bool]{compare: func(a, b string) int { return cmp.Compare(len(a), len(b)) }}
	byLength.put("aa", true)
	byLength.put("bb", false)
	fmt.Println(byLength.size, byLength.get("xx"))
	numbers := listOf(1, 2, 3, 4)
	words := mapList(numbers, func(n int) string { return strings.Repeat("*", n) })
	fmt.Println(fold(words, 0, func(total int, s string) int { return total + len(s) }), fold(numbers, "", func(s string, n int) string { return fmt.Sprint(s, n) }))
	fmt.Println(reach(city("A"), func(s string) city { return city(s) }))
	failed := try(func() []string { panic("no list") })
	fmt.Printf("%v %v %v %T\n", try(func() int { return 7 }), failed.value, failed.err, try(func() option[*list[int]] { return some(numbers) }))
	fmt.Printf("%T %T %v\n", counts, fold[map[string]list[int], rune], option[option[error]]{})
}
