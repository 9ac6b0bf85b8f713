// A small language: lexer, precedence parser, compiler to a stack machine, and programs run by it.
package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

type opcode byte

const (
	push opcode = iota
	load
	store
	add
	sub
	mul
	div
	less
	equal
	jumpIfZero
	jump

	print
)

var opcodeNames = [...]string{"push", "load", "store", "add", "sub", "mul", "div", "less", "equal", "jz", "jmp", "print"}

func (o opcode) String() string { return opcodeNames[o] }

type instruction struct {
	op  opcode
	arg int
}

type syntaxError struct {
	at   int
	text string
}

func (e syntaxError) Error() string { return "at " + strconv.Itoa(e.at) + ": " + e.text }

type compiler struct {
	tokens    []string
	at        int
	code      []instruction
	variables map[string]int
}

func lex(text string) (tokens []string) {
	for rest := text; rest != ""; {
		switch r := rune(rest[0]); {
		case unicode.IsSpace(r):
			rest = rest[1:]
		case unicode.IsLetter(r), unicode.IsDigit(r):
			end := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
			if end < 0 {
				end = len(rest)
			}
			tokens, rest = append(tokens, rest[:end]), rest[end:]
		default:
			tokens, rest = append(tokens, rest[:1]), rest[1:]
		}
	}
	return tokens
}

func (c *compiler) fail(format string, args ...any) {
	panic(syntaxError{c.at, fmt.Sprintf(format, args...)})
}

func (c *compiler) peek() string {
	if c.at < len(c.tokens) {
		return c.tokens[c.at]
	}
	return "end"
}

func (c *compiler) next() string { t := c.peek(); c.at++; return t }

func (c *compiler) expect(want string) {
	if got := c.next(); got != want {
		c.fail("want %q, got %q", want, got)
	}
}

func (c *compiler) emit(op opcode, arg int) int {
	c.code = append(c.code, instruction{op, arg})
	return len(c.code) - 1
}

var precedence = map[string]struct {
	level int
	op    opcode
}{"<": {1, less}, "=": {1, equal}, "+": {2, add}, "-": {2, sub}, "*": {3, mul}, "/": {3, div}}

func (c *compiler) expression(level int) {
	switch token := c.next(); {
	case token == "(":
		c.expression(0)
		c.expect(")")
	case token == "-":
		c.emit(push, 0)
		c.expression(3)
		c.emit(sub, 0)
	case unicode.IsDigit(rune(token[0])):
		n, err := strconv.Atoi(token)
		if err != nil {
			c.fail("%v", errors.Unwrap(err))
		}
		c.emit(push, n)
	case unicode.IsLetter(rune(token[0])) && token != "end":
		slot, known := c.variables[token]
		if !known {
			c.fail("unknown %s", token)
		}
		c.emit(load, slot)
	default:
		c.fail("unexpected %q", token)
	}
	for {
		operator, ok := precedence[c.peek()]
		if !ok || operator.level <= level {
			return
		}
		c.next()
		c.expression(operator.level)
		c.emit(operator.op, 0)
	}
}

func (c *compiler) statement() {
	switch token := c.next(); token {
	case "{":
		for c.peek() != "}" {
			c.statement()
		}
		c.next()
	case "while":
		start := len(c.code)
		c.expression(0)
		exit := c.emit(jumpIfZero, 0)
		c.statement()
		c.emit(jump, start)
		c.code[exit].arg = len(c.code)
	case "print":
		c.expression(0)
		c.emit(print, 0)
		c.expect(";")
	default:
		if !unicode.IsLetter(rune(token[0])) {
			c.fail("not a statement: %q", token)
		}
		c.expect("=")
		c.expression(0)
		c.expect(";")
		slot, known := c.variables[token]
		if !known {
			slot = len(c.variables)
			c.variables[token] = slot
		}
		c.emit(store, slot)
	}
}

func compile(text string) (code []instruction, slots int, err error) {
	c := &compiler{tokens: lex(text), variables: map[string]int{}}
	defer func() {
		if problem := recover(); problem != nil {
			failure, ok := problem.(syntaxError)
			if !ok {
				panic(problem)
			}
			err = failure
		}
	}()
	for c.at < len(c.tokens) {
		c.statement()
	}
	return c.code, len(c.variables), nil
}

func execute(code []instruction, slots int) (out []string, steps int, err error) {
	defer func() {
		if e, ok := recover().(error); ok {
			err = fmt.Errorf("after %d steps: %w", steps, e)
		}
	}()
	var stack []int
	memory := make([]int, slots)
	pop := func() int { top := stack[len(stack)-1]; stack = stack[:len(stack)-1]; return top }
	truth := map[bool]int{true: 1}
	for at := 0; at < len(code); steps++ {
		in := code[at]
		at++
		switch in.op {
		case push:
			stack = append(stack, in.arg)
		case load:
			stack = append(stack, memory[in.arg])
		case store:
			memory[in.arg] = pop()
		case jump:
			at = in.arg
		case jumpIfZero:
			if pop() == 0 {
				at = in.arg
			}
		case print:
			out = append(out, strconv.Itoa(pop()))
		default:
			b, a := pop(), pop()
			result := [...]func() int{add: func() int { return a + b }, sub: func() int { return a - b }, mul: func() int { return a * b }, div: func() int { return a / b },
				less: func() int { return truth[a < b] }, equal: func() int { return truth[a == b] }}[in.op]()
			stack = append(stack, result)
		}
	}
	return out, steps, nil
}

func main() {
	for _, program := range []string{
		"print 1 + 2 * 3 - 4 / 2; print (1 + 2) * -3; print 1 < 2 = 1;",
		"a = 0; b = 1; while a < 1000 { print a; t = a + b; a = b; b = t; }",
		"n = 27; steps = 0; while 1 < n { half = n / 2; if2 = n - half * 2; while if2 { n = n * 6 + 2; half = n / 2; if2 = 0; } n = half; steps = steps + 1; } print steps;",
		"x = 1; print y;", "print 1 +;", "print 99999999999999999999;", "5 = x;", "print 1 / (2 - 2);", "{ x = 1;", "x 1;",
	} {
		code, slots, err := compile(program)
		if err != nil {
			fmt.Println("error", err)
			continue
		}
		out, steps, err := execute(code, slots)
		fmt.Println(out, len(code), steps, err)
	}
	code, _, _ := compile("i = 10; while i { i = i - 1; }")
	fmt.Println(code)
}
