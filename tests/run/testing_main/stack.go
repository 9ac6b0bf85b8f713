package main

import "errors"

var errEmpty = errors.New("empty stack")

// Stack is what the tests are about.
type Stack[T any] struct{ items []T }

// Push adds an item.
func (s *Stack[T]) Push(item T) { s.items = append(s.items, item) }

// Pop takes the last item off.
func (s *Stack[T]) Pop() (item T, err error) {
	if len(s.items) == 0 {
		return item, errEmpty
	}
	item = s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return item, nil
}

// Reverse gives the text backwards.
func Reverse(text string) string {
	runes := []rune(text)
	for i, j := 0, len(runes)-1; i < j; i, j = i+1, j-1 {
		runes[i], runes[j] = runes[j], runes[i]
	}
	return string(runes)
}
