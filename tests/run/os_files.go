//run:official wasip1
//run:args -v one "two three" é
//run:env GREETING=good day
//run:env EMPTY=

// Package os: arguments, environment, and files below the working directory.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
)

func check(err error) {
	if err != nil {
		fmt.Println("unexpected:", err)
	}
}

func environment() {
	fmt.Printf("%q\n", os.Args[1:])
	value, found := os.LookupEnv("EMPTY")
	_, missing := os.LookupEnv("NO_SUCH_NAME")
	fmt.Printf("%q %q %v %v\n", os.Getenv("GREETING"), value, found, missing)
	check(os.Setenv("ADDED", "1 & 2"))
	fmt.Println(os.ExpandEnv("$GREETING, ${ADDED}! $NO_SUCH_NAME."), os.Expand("$a-${b}", strings.ToUpper))
	fmt.Println(slices.Contains(os.Environ(), "ADDED=1 & 2"), os.Unsetenv("ADDED"), os.Getenv("ADDED") == "")
}

func files() {
	check(os.WriteFile("notes.txt", []byte("first line\nsecond line\n"), 0o644))
	f, err := os.OpenFile("notes.txt", os.O_APPEND|os.O_WRONLY, 0)
	check(err)
	n, err := f.WriteString("third line\n")
	fmt.Println(n, err, f.Name(), f.Close(), f.Close() != nil)
	f, err = os.Open("notes.txt")
	check(err)
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		fmt.Printf("%q ", lines.Text())
	}
	at, err := f.Seek(6, io.SeekStart)
	word := make([]byte, 4)
	f.Read(word)
	far := make([]byte, 100)
	m, errAt := f.ReadAt(far, 23)
	_, errWrite := f.Write([]byte("x"))
	fmt.Println(at, err, string(word), m, errAt, errWrite != nil)
	f.Close()
	f, err = os.Create("sparse.bin")
	check(err)
	f.WriteAt([]byte("end"), 1000)
	check(f.Truncate(1002))
	info, _ := f.Stat()
	fmt.Println(info.Size(), info.Name(), info.IsDir(), info.Mode().IsRegular(), f.Sync())
	f.Close()
	_, err = os.OpenFile("notes.txt", os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	fmt.Println(err, errors.Is(err, fs.ErrExist), os.IsExist(err))
}

func directories() {
	check(os.MkdirAll("a/b/c", 0o755))
	fmt.Println(os.Mkdir("a", 0o755))
	for _, name := range []string{"a/z.txt", "a/m.txt", "a/b/inner.txt"} {
		check(os.WriteFile(name, []byte(name), 0o600))
	}
	entries, err := os.ReadDir("a")
	for _, entry := range entries {
		fmt.Print(entry, " ")
	}
	fmt.Println(err)
	check(os.Rename("a/z.txt", "a/b/moved.txt"))
	moved, err := os.ReadFile("a/b/moved.txt")
	fmt.Println(string(moved), err)
	fmt.Println(os.Remove("a/b") != nil, os.Remove("a/m.txt"), os.Remove("a/m.txt"))
	check(os.Symlink("notes.txt", "link"))
	target, err := os.Readlink("link")
	info, _ := os.Lstat("link")
	through, _ := os.ReadFile("link")
	fmt.Println(target, err, info.Mode()&fs.ModeSymlink != 0, len(through))
	first, _ := os.Stat("notes.txt")
	second, _ := os.Stat("link")
	fmt.Println(os.SameFile(first, second), os.SameFile(first, info))
	_, err = os.Stat("nowhere/file")
	fmt.Println(err, os.IsNotExist(err), errors.Is(err, fs.ErrNotExist))
	_, err = os.ReadFile("a")
	fmt.Println(err != nil)
	fmt.Println(os.RemoveAll("a"), os.RemoveAll("never was"))
	before, _ := os.Getwd()
	check(os.Mkdir("sub", 0o755))
	check(os.Chdir("sub"))
	after, _ := os.Getwd()
	check(os.WriteFile("here.txt", nil, 0o644))
	check(os.Chdir(".."))
	_, err = os.Stat("sub/here.txt")
	fmt.Println(strings.TrimPrefix(after, before), err)
}

func main() {
	environment()
	files()
	directories()
	r, err := os.OpenRoot("sub")
	check(err)
	_, err = r.Open("../notes.txt")
	_, inside := r.Stat("here.txt")
	fmt.Println(err != nil, inside)
	name, err := os.MkdirTemp(".", "temp-*-dir")
	fmt.Println(strings.HasPrefix(name, "./temp-"), strings.HasSuffix(name, "-dir"), err)
	fmt.Fprintln(os.Stderr, "this is for standard error")
	defer fmt.Println("deferred calls do not run")
	os.Exit(7)
}
