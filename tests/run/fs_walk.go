//run:official wasip1

// Package io/fs over file systems in memory and on disk: walking, globbing, subtrees, errors.
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing/fstest"
	"time"
)

var site = fstest.MapFS{
	"index.html":          {Data: []byte("<h1>hi</h1>"), Mode: 0o644, ModTime: time.Unix(1700000000, 0)},
	"css/main.css":        {Data: []byte("body {}")},
	"css/print.css":       {Data: []byte("p {}")},
	"posts/2024/a.md":     {Data: []byte("# A\nfirst")},
	"posts/2024/b.md":     {Data: []byte("# B\nsecond post")},
	"posts/2025/draft.md": {Data: []byte("draft"), Mode: 0o600},
	"empty":               {Mode: fs.ModeDir | 0o755},
}

func list(fsys fs.FS, root string) {
	err := fs.WalkDir(fsys, root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			fmt.Println("walk:", err)
			return nil
		}
		if entry.IsDir() && entry.Name() == "2025" {
			fmt.Println(name, "skipped")
			return fs.SkipDir
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if entry.IsDir() {
			fmt.Println(name+"/", info.IsDir())
		} else {
			fmt.Println(name, info.Size(), path.Ext(name), info.Mode().IsRegular())
		}
		if name == "posts/2024/b.md" {
			return fs.SkipAll
		}
		return nil
	})
	fmt.Println("walked", err)
}

func queries(fsys fs.FS) {
	for _, pattern := range []string{"*/*.css", "posts/*/?.md", "[", "nothing*"} {
		matches, err := fs.Glob(fsys, pattern)
		fmt.Println(matches, err)
	}
	data, err := fs.ReadFile(fsys, "posts/2024/a.md")
	fmt.Printf("%q %v\n", data, err)
	posts, _ := fs.Sub(fsys, "posts")
	entries, err := fs.ReadDir(posts, ".")
	for _, entry := range entries {
		fmt.Print(entry.Name(), entry.IsDir(), entry.Type().String(), " ")
	}
	fmt.Println(err)
	for _, name := range []string{"../up", "/rooted", "posts", "missing/file", "", "a//b"} {
		_, err := fs.ReadFile(posts, name)
		var pathError *fs.PathError
		fmt.Println(fs.ValidPath(name), err != nil, errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrInvalid), errors.As(err, &pathError))
	}
	file, _ := fsys.Open("index.html")
	info, _ := file.Stat()
	fmt.Println(info.Name(), info.Size(), info.Mode().IsRegular())
	if _, inMemory := fsys.(fstest.MapFS); inMemory {
		fmt.Println(fs.FormatFileInfo(info))
	}
	four := make([]byte, 4)
	n, err := io.ReadFull(file, four)
	fmt.Println(string(four[:n]), err, file.Close())
}

func onDisk() {
	dir, err := os.MkdirTemp(".", "walk-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	if err := os.CopyFS(dir, site); err != nil {
		fmt.Println("copy:", err)
	}
	list(os.DirFS(dir), ".")
	queries(os.DirFS(dir))
	text, err := os.ReadFile(dir + "/css/main.css")
	fmt.Println(string(text), err)
	_, err = fs.Stat(os.DirFS(dir), "css/none.css")
	fmt.Println(strings.ReplaceAll(err.Error(), dir, "DIR"))
}

func main() {
	list(site, ".")
	queries(site)
	fmt.Println(fstest.TestFS(site, "index.html", "css/main.css", "empty"))
	onDisk()
	for _, mode := range []fs.FileMode{0o644, fs.ModeDir | 0o755, fs.ModeSymlink | 0o777, fs.ModeSetuid | fs.ModeNamedPipe | 0o4} {
		fmt.Print(mode, " ", mode.Perm(), " ", mode.Type(), " ", mode.IsDir(), "; ")
	}
	fmt.Println()
}
