// Package log: prefixes, flags, file names and line numbers, panics and fatal ends.
package main

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
)

// masked hides what differs between runs: the time.
type masked struct{ w io.Writer }

func (m masked) Write(p []byte) (int, error) {
	line := string(p)
	if len(line) > 20 && line[4] == '/' && line[13] == ':' {
		line = "DATE TIME" + line[19:]
	}
	_, err := io.WriteString(m.w, line)
	return len(p), err
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func here(l *log.Logger) {
	l.Output(1, "one up")
	l.Output(2, "two up")
	func() { l.Println("in a closure") }()
}

type service struct{ *log.Logger }

func (s service) start(name string) {
	s.Printf("starting %q", name)
	defer s.Print("started", 1, 2, "three")
}

func main() {
	var buffer bytes.Buffer
	l := log.New(&buffer, "app: ", log.Lshortfile)
	l.Println("first", 1, true)
	here(l)
	l.SetFlags(log.Lshortfile | log.Lmsgprefix)
	l.SetPrefix("[core] ")
	service{l}.start("db")
	l.Print("ends with newline\n")
	l.Print("")
	fmt.Print(buffer.String())
	fmt.Println(l.Prefix(), l.Flags() == log.Lshortfile|log.Lmsgprefix, l.Writer() == &buffer)
	dated := log.New(masked{os.Stdout}, "", log.LstdFlags)
	dated.Print("with date and time")
	dated.SetFlags(log.LstdFlags | log.LUTC | log.Lshortfile)
	dated.Printf("%05.1f", 3.14159)
	buffer.Reset()
	micro := log.New(&buffer, "", log.Lmicroseconds|log.Llongfile)
	micro.Print("x")
	text := buffer.String()
	fmt.Println(text[2] == ':', text[8] == '.', strings.HasSuffix(text, "log_lines.go:62: x\n"))
	fmt.Println(log.New(failing{}, "", 0).Output(1, "lost"))
	log.SetOutput(os.Stdout)
	log.SetFlags(0)
	log.SetPrefix("std: ")
	log.Println("through the standard logger")
	log.Default().Print("the same one")
	func() {
		defer func() { fmt.Println("recovered:", recover()) }()
		log.Panicf("panic %d", 1)
	}()
	func() {
		defer func() {
			problem := recover()
			fmt.Printf("recovered: %T %q\n", problem, problem)
		}()
		l.Panicln("with", "newline")
	}()
	log.SetOutput(os.Stderr)
	defer fmt.Println("deferred calls do not run")
	log.Fatalln("the end", "comes here")
}
