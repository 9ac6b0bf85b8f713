// Interfaces: an interpreter of expression trees by dynamic calls, type switches, assertions, embedding and boxing.
package main

import (
	"errors"
	"fmt"
	"io"
)

type expression interface {
	eval(env *environment) (int, error)
}

type environment struct {
	variables [8]int
	steps     int
}

type (
	constant int
	variable int
	binary   struct {
		operator    byte
		left, right expression
	}
	conditional struct{ test, yes, no expression }
	assignment  struct {
		target variable
		value  expression
	}
	sequence []expression
	loop     struct {
		test expression
		body sequence
	}
)

var errDivision = errors.New("division by zero")

func (c constant) eval(*environment) (int, error) { return int(c), nil }

func (v variable) eval(env *environment) (int, error) { return env.variables[v], nil }

func (b *binary) eval(env *environment) (int, error) {
	env.steps++
	left, err := b.left.eval(env)
	if err != nil {
		return 0, err
	}
	right, err := b.right.eval(env)
	if err != nil {
		return 0, err
	}
	switch b.operator {
	case '+':
		return left + right, nil
	case '-':
		return left - right, nil
	case '*':
		return left * right & 0xffffff, nil
	case '<':
		if left < right {
			return 1, nil
		}
		return 0, nil
	}
	if right == 0 {
		return 0, errDivision
	}
	return left % right, nil
}

func (c *conditional) eval(env *environment) (int, error) {
	test, err := c.test.eval(env)
	if err != nil {
		return 0, err
	}
	if test != 0 {
		return c.yes.eval(env)
	}
	return c.no.eval(env)
}

func (a *assignment) eval(env *environment) (int, error) {
	value, err := a.value.eval(env)
	env.variables[a.target] = value
	return value, err
}

func (s sequence) eval(env *environment) (last int, err error) {
	for _, statement := range s {
		if last, err = statement.eval(env); err != nil {
			return 0, err
		}
	}
	return last, nil
}

func (l *loop) eval(env *environment) (last int, err error) {
	for {
		test, err := l.test.eval(env)
		if err != nil || test == 0 {
			return last, err
		}
		if last, err = l.body.eval(env); err != nil {
			return 0, err
		}
	}
}

// size counts nodes, by a type switch rather than by a method.
func size(e expression) int {
	switch e := e.(type) {
	case constant, variable:
		return 1
	case *binary:
		return 1 + size(e.left) + size(e.right)
	case *conditional:
		return 1 + size(e.test) + size(e.yes) + size(e.no)
	case *assignment:
		return 2 + size(e.value)
	case *loop:
		return 1 + size(e.test) + size(e.body)
	case sequence:
		total := 1
		for _, statement := range e {
			total += size(statement)
		}
		return total
	default:
		return 0
	}
}

type counter struct {
	io.Writer
	bytes int
}

func (c *counter) Write(p []byte) (int, error) {
	c.bytes += len(p)
	return c.Writer.Write(p)
}

func main() {
	const i, sum, other = variable(0), variable(1), variable(2)
	program := sequence{
		&assignment{i, constant(0)},
		&assignment{sum, constant(1)},
		&loop{&binary{'<', i, constant(1_500_000)}, sequence{
			&assignment{sum, &binary{'+', sum, &conditional{
				&binary{'%', i, constant(3)},
				&binary{'*', i, constant(7)},
				&binary{'-', sum, i},
			}}},
			&assignment{other, &binary{'%', &binary{'*', sum, sum}, constant(1009)}},
			&assignment{i, &binary{'+', i, constant(1)}},
		}},
		sum,
	}
	env := &environment{}
	result, err := program.eval(env)
	_, failure := (&binary{'%', constant(1), constant(0)}).eval(env)

	total := 0
	for range 120_000 {
		total += size(program)
	}
	boxed := make([]any, 0, 1000)
	for n := range 2_000_000 {
		if len(boxed) == cap(boxed) {
			boxed = boxed[:0]
		}
		if n%3 == 0 {
			boxed = append(boxed, n)
		} else {
			boxed = append(boxed, float64(n))
		}
		if value, ok := boxed[len(boxed)/2].(int); ok {
			total += value & 1
		} else if _, ok := boxed[0].(fmt.Stringer); ok {
			total++
		}
	}
	output := &counter{Writer: io.Discard}
	var writer io.Writer = &counter{Writer: output}
	for n := range 100_000 {
		writer.Write([]byte("some text")[:n%9])
	}
	fmt.Println(result, err, env.steps, total, output.bytes, errors.Is(failure, errDivision))
}
