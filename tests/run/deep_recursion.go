// Recursion that is deep but ends: a million frames of a list walk, a parser of nested brackets, Ackermann's function.
package main

import (
	"fmt"
	"strings"
)

type list struct {
	next  *list
	value int
}

func (l *list) sum() int {
	if l == nil {
		return 0
	}
	return l.value + l.next.sum()
}

type parser struct {
	text string
	at   int
}

func (p *parser) nested() (depth int, err error) {
	for p.at < len(p.text) && p.text[p.at] == '(' {
		p.at++
		inner, err := p.nested()
		if err != nil {
			return 0, err
		}
		if p.at == len(p.text) || p.text[p.at] != ')' {
			return 0, fmt.Errorf("no closing bracket at %d", p.at)
		}
		p.at++
		depth = max(depth, inner+1)
	}
	return depth, nil
}

func ackermann(m, n int) int {
	switch {
	case m == 0:
		return n + 1
	case n == 0:
		return ackermann(m-1, 1)
	}
	return ackermann(m-1, ackermann(m, n-1))
}

type visitor interface{ visit(depth int) int }
type even struct{ other visitor }
type odd struct{ other visitor }

func (e *even) visit(depth int) int {
	if depth == 0 {
		return 0
	}
	return e.other.visit(depth-1) + 1
}

func (o *odd) visit(depth int) int {
	var text [8]byte
	copy(text[:], "recursion")
	return o.other.visit(depth-1) + int(text[depth%8]-text[depth%8]) + 1
}

func deferring(depth int, log *int) (result int) {
	defer func() {
		*log++
		if r := recover(); r != nil {
			if depth > 0 {
				panic(r)
			}
			result = -1
		}
	}()
	if depth == 5000 {
		panic("bottom")
	}
	return deferring(depth+1, log)
}

func main() {
	var l *list
	for i := range 1_000_000 {
		l = &list{l, i % 10}
	}
	fmt.Println(l.sum())
	p := &parser{text: strings.Repeat("(", 200_000) + strings.Repeat(")", 200_000)}
	fmt.Println(p.nested())
	p = &parser{text: "(()(()))("}
	fmt.Println(p.nested())
	fmt.Println(ackermann(2, 300), ackermann(3, 7))
	e, o := &even{}, &odd{}
	e.other, o.other = o, e
	fmt.Println(e.visit(300_000))
	log := 0
	fmt.Println(deferring(0, &log), log)
	done := make(chan int)
	go func() { done <- l.sum() }()
	fmt.Println(<-done)
}
