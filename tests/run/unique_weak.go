// Packages unique and weak; finalizers and cleanups: they come about when the last pointer is gone and the heap collected.
package main

import (
	"fmt"
	"runtime"
	"strings"
	"time"
	"unique"
	"weak"
)

type resource struct {
	name string
	data [64]byte
	next *resource
}

type parsed struct {
	host string
	port int
}

func handles() {
	a, b := unique.Make("hello"), unique.Make(strings.Clone("hel")+"lo"[1:]+"")
	c := unique.Make(strings.Join([]string{"hel", "lo"}, ""))
	fmt.Println(a == b, a == c, a.Value(), b.Value())
	x, y := unique.Make(parsed{"h", 80}), unique.Make(parsed{strings.ToLower("H"), 80})
	var zero unique.Handle[int]
	fmt.Println(x == y, x.Value(), x == unique.Make(parsed{"h", 81}), unique.Make[any](1) == unique.Make[any](1), zero == unique.Make(0))
	table := map[unique.Handle[string]]int{}
	for _, word := range strings.Fields("to be or not to be that is") {
		table[unique.Make(word)]++
	}
	fmt.Println(len(table), table[unique.Make("be")])
}

// collect runs collections until cond holds; what the collector owes comes soon, but on other goroutines.
func collect(cond func() bool) bool {
	for range 50 {
		runtime.GC()
		if cond() {
			return true
		}
		time.Sleep(time.Millisecond)
	}
	return false
}

func weakPointers() {
	p := &resource{name: "weakly held"}
	w, same := weak.Make(p), weak.Make(p)
	part := weak.Make(&p.data[3])
	fmt.Println(w == same, w.Value() == p, w.Value().name, part.Value() == &p.data[3])
	runtime.GC()
	fmt.Println(w.Value() != nil)
	runtime.KeepAlive(p)
	p = nil
	fmt.Println(collect(func() bool { return w.Value() == nil }), part.Value() == nil, w == same, weak.Make[int](nil).Value() == nil)
}

func finalizers() {
	events := make(chan string, 10)
	p := &resource{name: "finalized"}
	runtime.SetFinalizer(p, func(r *resource) { events <- "finalizer of " + r.name })
	p = nil
	runtime.GC()
	fmt.Println(<-events)
	// A finalizer may bring its object back; it runs once.
	var saved *resource
	q := &resource{name: "revived"}
	runtime.SetFinalizer(q, func(r *resource) { saved = r; events <- "revived" })
	q = nil
	runtime.GC()
	fmt.Println(<-events, saved.name)
	saved = nil
	runtime.GC()
	time.Sleep(5 * time.Millisecond)
	fmt.Println(len(events))
	removed := &resource{name: "removed"}
	runtime.SetFinalizer(removed, func(*resource) { events <- "must not run" })
	runtime.SetFinalizer(removed, nil)
	removed = nil
	// A chain is finalized from its head on.
	head := &resource{name: "head", next: &resource{name: "tail"}}
	for r := head; r != nil; r = r.next {
		runtime.SetFinalizer(r, func(r *resource) { events <- r.name })
	}
	head = nil
	runtime.GC()
	first := <-events
	runtime.GC()
	fmt.Println(first, <-events, len(events))
}

func cleanups() {
	events := make(chan string, 10)
	p := &resource{name: "cleaned"}
	runtime.AddCleanup(p, func(n int) { events <- fmt.Sprint("cleanup ", n) }, 1)
	stopped := runtime.AddCleanup(p, func(n int) { events <- fmt.Sprint("stopped ", n) }, 2)
	runtime.AddCleanup(&p.data[10], func(s string) { events <- s }, "interior")
	stopped.Stop()
	runtime.GC()
	fmt.Println(len(events))
	runtime.KeepAlive(p)
	p = nil
	runtime.GC()
	a, b := <-events, <-events
	if a > b {
		a, b = b, a
	}
	fmt.Println(a, b, len(events))
	defer func() { fmt.Println("recovered:", recover()) }()
	q := new(resource)
	runtime.AddCleanup(q, func(r *resource) {}, q)
}

func main() {
	handles()
	weakPointers()
	finalizers()
	cleanups()
}
