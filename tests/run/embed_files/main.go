// Package embed: strings, bytes and trees of files in the binary.
package main

import (
	"crypto/sha256"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing/fstest"
	"text/template"
)

//go:embed version.txt
var version string

//go:embed assets/blob.bin
var blob []byte

//go:embed version.txt
var versionBytes []byte

//go:embed assets
var visible embed.FS

//go:embed all:assets version.txt
var everything embed.FS

//go:embed assets/pages/*.html assets/pages/*.tmpl
var pages embed.FS

//go:embed assets/empty.txt
var empty string

var none embed.FS

func list(name string, tree fs.FS) {
	fmt.Print(name, ":")
	err := fs.WalkDir(tree, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if !entry.IsDir() {
			fmt.Printf(" %s(%d %v)", path, info.Size(), info.Mode())
		}
		return nil
	})
	fmt.Println(err)
}

func main() {
	fmt.Printf("%q %q %x %q\n", version, versionBytes, blob, empty)
	versionBytes[0] = 'V'
	fmt.Printf("%q %q\n", version, versionBytes)
	list("visible", visible)
	list("everything", everything)
	list("pages", pages)
	list("none", none)
	data, err := visible.ReadFile("assets/pages/about.html")
	fmt.Println(string(data), err)
	data[0] = '!'
	again, _ := visible.ReadFile("assets/pages/about.html")
	fmt.Println(string(again))
	for _, name := range []string{"assets/_draft.txt", "assets/pages", "nothing", "../version.txt", "assets/"} {
		_, err := visible.ReadFile(name)
		fmt.Println(err)
	}
	entries, err := everything.ReadDir("assets")
	for _, entry := range entries {
		fmt.Print(entry.Name(), " ", entry.IsDir(), " ")
	}
	fmt.Println(err)
	file, _ := pages.Open("assets/pages/page.tmpl")
	info, _ := file.Stat()
	_, seeks := file.(interface {
		Seek(int64, int) (int64, error)
	})
	fmt.Println(info.Name(), info.ModTime().IsZero(), seeks, file.Close())
	t := template.Must(template.ParseFS(pages, "assets/pages/*.tmpl"))
	if err := t.Execute(os.Stdout, strings.TrimSpace(version)); err != nil {
		fmt.Println(err)
	}
	sub, _ := fs.Sub(visible, "assets/pages")
	matches, _ := fs.Glob(sub, "*.html")
	fmt.Println(matches, fstest.TestFS(everything, "version.txt", "assets/.hidden/file"))
	fmt.Printf("%x\n", sha256.Sum256(blob))
}
