//run:official wasip1

// Packages path and path/filepath: names cut up, joined, matched and walked.
package main

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

func lexical() {
	for _, name := range []string{"", ".", "/", "a", "a/b", "/a/b/", "a//b/./c/..", "../../x", "/../x", "a/../..", "dir/file.tar.gz", ".hidden", "trailing.", "a/b.c/d"} {
		dir, file := filepath.Split(name)
		fmt.Printf("%q clean=%q dir=%q base=%q ext=%q abs=%v split=%q,%q local=%v\n", name, filepath.Clean(name), filepath.Dir(name),
			filepath.Base(name), filepath.Ext(name), filepath.IsAbs(name), dir, file, filepath.IsLocal(name))
	}
	fmt.Println(filepath.Join("a", "", "../b", "/c"), filepath.Join(), filepath.Join("", ""), path.Join("/", "..", "x"))
	for _, pair := range [][2]string{{"/a", "/a/b/c"}, {"/a/b", "/a/c/d"}, {"a", "/a"}, {"x/y", "x/y"}, {".", "../up"}, {"..", "."}} {
		relative, err := filepath.Rel(pair[0], pair[1])
		fmt.Println(pair, relative, err)
	}
	fmt.Println(filepath.SplitList("/bin::/usr/bin"), filepath.ToSlash("a/b"), filepath.FromSlash("a/b"), filepath.VolumeName("/x") == "")
	local, err := filepath.Localize("a/b/c")
	_, bad := filepath.Localize("../a")
	fmt.Println(local, err, bad)
}

func matching() {
	for _, pair := range [][2]string{
		{"*.go", "main.go"}, {"*", "a/b"}, {"a?c", "abc"}, {"a?c", "a/c"}, {"[a-c]x", "bx"}, {"[^a-c]x", "bx"}, {"\\*", "*"},
		{"a[", "a"}, {"*/*/x", "p/q/x"}, {"[]a]", "]"}, {"**", "ab"}, {"a*b*c", "aXXbYYc"}, {"[-]", "-"}, {"x[^é]", "xè"},
	} {
		matched, err := filepath.Match(pair[0], pair[1])
		fmt.Println(pair, matched, err)
	}
}

func walking() {
	for _, name := range []string{"tree/a/1.txt", "tree/a/2.log", "tree/b/c/3.txt", "tree/b/skip/4.txt"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			fmt.Println(err)
		}
		if err := os.WriteFile(name, []byte(strings.Repeat("x", len(name))), 0o644); err != nil {
			fmt.Println(err)
		}
	}
	total := int64(0)
	err := filepath.WalkDir("tree", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.Name() == "skip" {
			return filepath.SkipDir
		}
		if info, err := entry.Info(); err == nil && !entry.IsDir() {
			total += info.Size()
		}
		fmt.Print(name, " ")
		return nil
	})
	fmt.Println(total, err)
	err = filepath.Walk("tree/b", func(name string, info fs.FileInfo, err error) error {
		fmt.Print(info.Name(), ":", info.IsDir(), " ")
		return err
	})
	fmt.Println(err)
	err = filepath.WalkDir("absent", func(name string, entry fs.DirEntry, err error) error {
		fmt.Println(name, entry == nil, err)
		return err
	})
	fmt.Println(err)
	for _, pattern := range []string{"tree/*/*.txt", "tree/b/*/*.txt", "tree/[ab]", "tree/[", "none/*"} {
		matches, err := filepath.Glob(pattern)
		fmt.Println(matches, err)
	}
	if err := os.Symlink("a", "tree/link"); err != nil {
		fmt.Println(err)
	}
	real, err := filepath.EvalSymlinks("tree/link/1.txt")
	fmt.Println(real, err)
	absolute, err := filepath.Abs("tree")
	working, _ := os.Getwd()
	fmt.Println(absolute == filepath.Join(working, "tree"), err)
	os.RemoveAll("tree")
}

func main() {
	lexical()
	matching()
	walking()
}
