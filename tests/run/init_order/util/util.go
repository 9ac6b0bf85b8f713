// Package util keeps the journal of what was initialised.
package util

import "strconv"

var lines []string

// Trace notes that a variable gets its value.
func Trace(name string, value int) int {
	lines = append(lines, name+" = "+strconv.Itoa(value))
	return value
}

// Lines is the journal.
func Lines() []string { return lines }
