// Archives: a zip written, read back by name and as a file system; a tar stream; both damaged.
package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"
)

var modified = time.Date(2020, 2, 29, 10, 20, 30, 0, time.UTC)

func pack() []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	w.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	for _, file := range []struct {
		name, text string
		method     uint16
	}{
		{"readme.txt", "Read me first.\n", zip.Store}, {"docs/", "", zip.Store}, {"docs/long.txt", strings.Repeat("long text ", 500), zip.Deflate},
		{"docs/ünï.txt", "names in UTF-8", zip.Deflate}, {"empty", "", zip.Deflate},
	} {
		header := &zip.FileHeader{Name: file.name, Method: file.method, Modified: modified, Comment: "about " + file.name}
		header.SetMode(0o640)
		f, err := w.CreateHeader(header)
		if err != nil {
			fmt.Println(file.name, err)
			continue
		}
		io.WriteString(f, file.text)
	}
	w.SetComment("the archive's own comment")
	_, err := w.CreateHeader(&zip.FileHeader{Name: "bad/", Method: zip.Deflate})
	fmt.Println(err, w.Close(), w.Close())
	return out.Bytes()
}

func unpack(archive []byte) {
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(r.File), r.Comment)
	for _, f := range r.File {
		content, err := f.Open()
		if err != nil {
			fmt.Println(err)
			continue
		}
		data, err := io.ReadAll(content)
		fmt.Printf("%-14s %5d %5d %08x %v %v %v %q %v\n", f.Name, f.UncompressedSize64, f.CompressedSize64, f.CRC32, f.Mode(), f.Modified.Equal(modified), f.NonUTF8, f.Comment, err)
		if len(data) < 20 {
			fmt.Printf("  %q\n", data)
		}
	}
	fs.WalkDir(r, ".", func(name string, entry fs.DirEntry, err error) error {
		fmt.Print(name, " ", entry.IsDir(), " ")
		return err
	})
	text, err := fs.ReadFile(r, "docs/ünï.txt")
	_, missing := r.Open("docs/none")
	fmt.Println(string(text), err, missing)
}

func damaged(archive []byte) {
	cut := archive[:len(archive)-30]
	_, err := zip.NewReader(bytes.NewReader(cut), int64(len(cut)))
	fmt.Println(err, errors.Is(err, zip.ErrFormat))
	flipped := bytes.Clone(archive)
	flipped[bytes.Index(flipped, []byte("Read me"))] ^= 1
	r, err := zip.NewReader(bytes.NewReader(flipped), int64(len(flipped)))
	content, _ := r.File[0].Open()
	_, errRead := io.ReadAll(content)
	fmt.Println(err, errRead)
}

func tape() {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	long := strings.Repeat("deep/", 40) + "file.txt"
	for _, h := range []*tar.Header{
		{Name: "plain.txt", Size: 5, Mode: 0o644, ModTime: modified, Uname: "user"},
		{Name: "dir/", Typeflag: tar.TypeDir, Mode: 0o755}, {Name: "link", Typeflag: tar.TypeSymlink, Linkname: "plain.txt"},
		{Name: long, Size: 4, PAXRecords: map[string]string{"OWN.key": "välue"}},
	} {
		fmt.Print(w.WriteHeader(h), " ")
		if h.Size > 0 {
			n, err := io.WriteString(w, "hello"[:h.Size])
			fmt.Print(n, err, " ")
		}
	}
	_, tooMuch := w.Write([]byte("more"))
	fmt.Println(tooMuch, w.Close(), out.Len()%512)
	data := out.Bytes()
	r := tar.NewReader(bytes.NewReader(data))
	for {
		h, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			fmt.Println(err)
			break
		}
		content, err := io.ReadAll(r)
		fmt.Println(len(h.Name), h.Size, string(h.Typeflag), h.FileInfo().Mode(), h.Linkname, h.PAXRecords["OWN.key"], h.Format, string(content), err)
	}
	r = tar.NewReader(bytes.NewReader(data[:300]))
	_, err := r.Next()
	_, err2 := r.Next()
	fmt.Println(err, err2)
}

func main() {
	archive := pack()
	unpack(archive)
	damaged(archive)
	tape()
}
