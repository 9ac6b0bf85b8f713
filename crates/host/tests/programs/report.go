// Tells what it was started with, reads a file by a relative path, and ends with a code of its own.
package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

func main() {
	fmt.Println("args:", filepath.Base(os.Args[0]), os.Args[1:])
	fmt.Println("GREETING:", os.Getenv("GREETING"))
	dir, err := os.Getwd()
	fmt.Println("directory:", filepath.Base(dir), err)
	text, err := os.ReadFile("note.txt")
	fmt.Printf("note: %q %v\n", text, err)
	fmt.Println("written:", os.WriteFile("answer.txt", []byte("42"), 0o644))
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		fmt.Printf("line: %q\n", input.Text())
	}
	done := make(chan bool)
	go func() {
		time.Sleep(time.Millisecond)
		done <- true
	}()
	<-done
	fmt.Fprintln(os.Stderr, "ends")
	os.Exit(3)
}
