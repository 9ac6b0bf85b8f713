// Bytes, buffers and buffered streams: a line protocol read, rewritten and measured.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// slow gives out at most a few bytes at a time, with an error at the end of its own.
type slow struct {
	data []byte
	step int
	err  error
}

func (s *slow) Read(p []byte) (int, error) {
	if len(s.data) == 0 {
		return 0, s.err
	}
	n := copy(p, s.data[:min(s.step, len(s.data))])
	s.data = s.data[n:]
	return n, nil
}

// counter counts what is written to it and how often.
type counter struct{ bytes, calls int }

func (c *counter) Write(p []byte) (int, error) {
	c.bytes += len(p)
	c.calls++
	return len(p), nil
}

func scanning() {
	text := "first line\nsecond, rather longer line\r\n\nlast without end"
	lines := bufio.NewScanner(&slow{[]byte(text), 3, io.EOF})
	for lines.Scan() {
		fmt.Printf("%q ", lines.Text())
	}
	fmt.Println(lines.Err())
	words := bufio.NewScanner(strings.NewReader(" the  quick\tbrown\nfox "))
	words.Split(bufio.ScanWords)
	count := 0
	for words.Scan() {
		count += len(words.Bytes())
	}
	runes := bufio.NewScanner(strings.NewReader("aé\xff☺"))
	runes.Split(bufio.ScanRunes)
	for runes.Scan() {
		fmt.Printf("%q", runes.Text())
	}
	fmt.Println(count)
	// Records end in semicolons; an empty one ends the input early.
	records := bufio.NewScanner(strings.NewReader("a=1;b=2;;c=3"))
	records.Split(func(data []byte, atEOF bool) (int, []byte, error) {
		if i := bytes.IndexByte(data, ';'); i > 0 {
			return i + 1, data[:i], nil
		} else if i == 0 {
			return 0, nil, bufio.ErrFinalToken
		}
		if atEOF {
			return len(data), nil, nil
		}
		return 0, nil, nil
	})
	for records.Scan() {
		fmt.Print(records.Text(), " ")
	}
	long := bufio.NewScanner(strings.NewReader(strings.Repeat("x", 100)))
	long.Buffer(make([]byte, 0, 16), 32)
	fmt.Println(long.Scan(), long.Err(), errors.Is(long.Err(), bufio.ErrTooLong))
}

func reading() {
	r := bufio.NewReaderSize(&slow{[]byte("héllo world\nrest of it"), 4, io.ErrUnexpectedEOF}, 16)
	peeked, err := r.Peek(3)
	fmt.Printf("%q %v %d\n", peeked, err, r.Buffered())
	c, _ := r.ReadByte()
	u, size, _ := r.ReadRune()
	fmt.Println(string(c), string(u), size, r.UnreadRune(), r.UnreadRune())
	line, err := r.ReadString('\n')
	fmt.Printf("%q %v\n", line, err)
	skipped, _ := r.Discard(5)
	rest, err := io.ReadAll(r)
	fmt.Printf("%d %q %v\n", skipped, rest, err)
	r.Reset(strings.NewReader("short"))
	slice, err := r.ReadSlice('!')
	fmt.Printf("%q %v\n", slice, err)
	if _, err = bufio.NewReaderSize(strings.NewReader(strings.Repeat("y", 40)), 16).ReadSlice('!'); err != nil {
		fmt.Println(err)
	}
}

func writing() {
	var sink counter
	w := bufio.NewWriterSize(&sink, 32)
	for i := range 20 {
		fmt.Fprintf(w, "%d,", i*i)
	}
	w.WriteRune('☺')
	w.WriteByte('!')
	fmt.Println(sink, w.Buffered(), w.Available())
	w.Flush()
	fmt.Println(sink)
	n, err := w.ReadFrom(strings.NewReader(strings.Repeat("z", 100)))
	fmt.Println(n, err, w.Flush(), sink)
	both := bufio.NewReadWriter(bufio.NewReader(strings.NewReader("in")), w)
	text, _ := both.ReadString(0)
	both.WriteString(text)
	fmt.Println(both.Flush(), sink.bytes)
}

func buffers() {
	var b bytes.Buffer
	b.WriteString("one two three")
	b.Truncate(7)
	word := b.Next(4)
	b.Write([]byte(" four"))
	fmt.Printf("%q %q %d\n", word, b.String(), b.Len())
	copied, _ := b.ReadBytes('f')
	b.UnreadByte()
	fmt.Printf("%q %q %v\n", copied, b.Bytes(), b.Cap() >= b.Len())
	b.Reset()
	_, err := b.ReadByte()
	fmt.Println(err, bytes.Equal(nil, []byte{}), bytes.Compare([]byte("a"), []byte("ab")))
	upper := bytes.ToUpper([]byte("mixed Case é"))
	fmt.Printf("%s %s %q\n", upper, bytes.Title([]byte("some words")), bytes.Fields([]byte(" a b ")))
	fmt.Printf("%q %q\n", bytes.Split([]byte("a-b-c"), []byte("-")), bytes.TrimRight([]byte("abcc"), "c"))
	fmt.Printf("%s %d %v\n", bytes.ReplaceAll([]byte("aXbX"), []byte("X"), []byte("--")), bytes.Index([]byte("chicken"), []byte("ken")), bytes.ContainsAny([]byte("abc"), "xyc"))
	fmt.Printf("%s|%s\n", bytes.Join([][]byte{[]byte("p"), []byte("q")}, []byte("::")), bytes.Repeat([]byte("ab"), 3))
	head, tail, ok := bytes.Cut([]byte("k: v"), []byte(": "))
	fmt.Printf("%s %s %v %d\n", head, tail, ok, utf8.RuneCount([]byte("日本語")))
	shared := bytes.Clone(head)
	shared[0] = 'z'
	fmt.Printf("%s %s\n", head, bytes.Map(func(r rune) rune { return r + 1 }, []byte("HAL")))
}

func main() {
	scanning()
	reading()
	writing()
	buffers()
}
