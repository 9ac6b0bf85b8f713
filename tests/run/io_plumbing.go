// Package io: readers and writers put together, pipes between goroutines, sections, and the order of errors.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing/iotest"
)

// rot13 is a reader over a reader.
type rot13 struct{ r io.Reader }

func (r rot13) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	for i, c := range p[:n] {
		switch {
		case 'a' <= c && c <= 'z':
			p[i] = 'a' + (c-'a'+13)%26
		case 'A' <= c && c <= 'Z':
			p[i] = 'A' + (c-'A'+13)%26
		}
	}
	return n, err
}

type onlyWriter struct{ io.Writer }

func combining() {
	text := io.MultiReader(strings.NewReader("Uryyb, "), strings.NewReader(""), strings.NewReader("jbeyq!"))
	var copied bytes.Buffer
	decoded, err := io.ReadAll(io.TeeReader(rot13{text}, &copied))
	fmt.Printf("%s %v %s\n", decoded, err, &copied)
	var a, b strings.Builder
	n, err := io.Copy(io.MultiWriter(&a, onlyWriter{&b}), io.LimitReader(strings.NewReader("limited to ten"), 10))
	fmt.Println(n, err, a.String(), b.String())
	n, err = io.CopyN(io.Discard, strings.NewReader("short"), 10)
	fmt.Println(n, err)
	buffer := make([]byte, 8)
	for _, source := range []string{"", "four", "exactly8", "more than eight"} {
		full, err := io.ReadFull(strings.NewReader(source), buffer)
		least, err2 := io.ReadAtLeast(strings.NewReader(source), buffer, 3)
		fmt.Println(full, err, least, err2)
	}
	_, err = io.ReadAtLeast(strings.NewReader("x"), buffer[:1], 2)
	fmt.Println(err, errors.Is(err, io.ErrShortBuffer))
	written, err := io.WriteString(onlyWriter{&a}, "tail")
	fmt.Println(written, err, a.Len())
	n, err = io.CopyBuffer(onlyWriter{&b}, rot13{strings.NewReader("ohssrerq")}, make([]byte, 3))
	fmt.Println(n, err, b.String())
}

func sections() {
	data := strings.NewReader("0123456789abcdef")
	section := io.NewSectionReader(data, 4, 8)
	first := make([]byte, 3)
	section.Read(first)
	position, err := section.Seek(-2, io.SeekEnd)
	rest, _ := io.ReadAll(section)
	n, errAt := section.ReadAt(first, 6)
	fmt.Printf("%s %d %v %s %d %v %d\n", first, position, err, rest, n, errAt, section.Size())
	_, err = section.Seek(-1, io.SeekStart)
	_, err2 := section.Seek(0, 9)
	fmt.Println(err, err2)
	var file memory
	at := io.NewOffsetWriter(&file, 5)
	at.Write([]byte("five"))
	at.WriteAt([]byte("T"), 1)
	at.Seek(0, io.SeekStart)
	at.Write([]byte("F"))
	fmt.Printf("%q\n", file.data)
}

type memory struct{ data []byte }

func (m *memory) WriteAt(p []byte, at int64) (int, error) {
	for int64(len(m.data)) < at+int64(len(p)) {
		m.data = append(m.data, '.')
	}
	return copy(m.data[at:], p), nil
}

func pipes() {
	r, w := io.Pipe()
	var group sync.WaitGroup
	group.Go(func() {
		for i := range 3 {
			n, err := fmt.Fprintf(w, "message %d;", i)
			fmt.Println("wrote", n, err)
		}
		w.CloseWithError(errors.New("writer is done"))
	})
	small := make([]byte, 6)
	var got []string
	var err error
	for err == nil {
		var n int
		n, err = r.Read(small)
		got = append(got, string(small[:n]))
	}
	group.Wait()
	fmt.Printf("%q %v\n", got, err)
	r, w = io.Pipe()
	r.CloseWithError(nil)
	_, err = w.Write([]byte("x"))
	_, err2 := r.Read(small)
	fmt.Println(err, err2, errors.Is(err, io.ErrClosedPipe))
}

func difficult() {
	text := "some text for difficult readers"
	for _, r := range []io.Reader{
		iotest.OneByteReader(strings.NewReader(text)), iotest.HalfReader(strings.NewReader(text)),
		iotest.DataErrReader(strings.NewReader(text)), iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader(text))),
		iotest.ErrReader(io.ErrNoProgress),
	} {
		all, err := io.ReadAll(r)
		fmt.Printf("%q %v\n", all, err)
	}
	fmt.Println(iotest.TestReader(strings.NewReader(text), []byte(text)))
	closer := io.NopCloser(strings.NewReader("x"))
	_, isWriterTo := closer.(io.WriterTo)
	fmt.Println(closer.Close(), isWriterTo)
}

func main() {
	combining()
	sections()
	pipes()
	difficult()
}
