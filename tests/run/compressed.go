// Compression: gzip members and headers, raw flate, zlib, lzw, bzip2, and damaged input.
package main

import (
	"bytes"
	"compress/bzip2"
	"compress/flate"
	"compress/gzip"
	"compress/lzw"
	"compress/zlib"
	"encoding/base64"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"time"
)

// text is neither random nor monotonous.
func text(n int) []byte {
	var b bytes.Buffer
	state := uint32(1)
	words := strings.Fields("compress the same words again and again until a window of them is full")
	for b.Len() < n {
		state = state*1103515245 + 12345
		b.WriteString(words[state>>16%uint32(len(words))])
		b.WriteByte(" \n"[state>>30&1])
	}
	return b.Bytes()[:n]
}

func levels(data []byte) {
	for _, level := range []int{flate.HuffmanOnly, flate.NoCompression, flate.BestSpeed, 3, flate.DefaultCompression, flate.BestCompression} {
		var out bytes.Buffer
		w, err := flate.NewWriter(&out, level)
		if err != nil {
			fmt.Println(err)
			continue
		}
		n, err := w.Write(data)
		closed := w.Close()
		back, errRead := io.ReadAll(flate.NewReader(bytes.NewReader(out.Bytes())))
		fmt.Printf("level %d: %d bytes to %d, crc %08x %v %v %v %v\n", level, n, out.Len(), crc32.ChecksumIEEE(out.Bytes()), bytes.Equal(back, data), err, closed, errRead)
	}
	_, err := flate.NewWriter(io.Discard, 11)
	fmt.Println(err)
	var out bytes.Buffer
	w, _ := flate.NewWriterDict(&out, 6, data[:1000])
	w.Write(data[:1000])
	w.Close()
	back, err := io.ReadAll(flate.NewReaderDict(&out, data[:1000]))
	fmt.Println(bytes.Equal(back, data[:1000]), err)
}

func members(data []byte) {
	var file bytes.Buffer
	w := gzip.NewWriter(&file)
	w.Name, w.Comment, w.Extra = "first.txt", "a comment", []byte("xx")
	w.ModTime = time.Unix(1e9, 0)
	w.Write(data[:500])
	w.Flush()
	w.Write(data[500:1000])
	w.Close()
	w.Reset(&file)
	w.Name = "second.txt"
	w.Write([]byte("tail"))
	w.Close()
	whole := bytes.Clone(file.Bytes())
	r, err := gzip.NewReader(&file)
	all, errAll := io.ReadAll(r)
	fmt.Println(err, r.Name, len(all), errAll, string(all[1000:]))
	r, _ = gzip.NewReader(bytes.NewReader(whole))
	r.Multistream(false)
	fmt.Println(r.Name, r.Comment, r.ModTime.Unix(), string(r.Extra), r.OS)
	first, err := io.ReadAll(r)
	fmt.Println(len(first), err, bytes.Equal(first, data[:1000]))
	for _, damage := range []func([]byte) []byte{
		func(b []byte) []byte { b[0] = 0; return b },
		func(b []byte) []byte { return b[:len(b)-3] },
		func(b []byte) []byte { b[len(b)-6]++; return b },
		func(b []byte) []byte { return b[:20] },
		func(b []byte) []byte { return nil },
	} {
		r, err := gzip.NewReader(bytes.NewReader(damage(bytes.Clone(whole))))
		if err == nil {
			_, err = io.ReadAll(r)
		}
		fmt.Println(err)
	}
}

func others(data []byte) {
	var out bytes.Buffer
	z, err := zlib.NewWriterLevelDict(&out, 9, []byte("dictionary of words"))
	z.Write(data)
	z.Close()
	_, noDictionary := zlib.NewReader(bytes.NewReader(out.Bytes()))
	r, errRead := zlib.NewReaderDict(bytes.NewReader(out.Bytes()), []byte("dictionary of words"))
	back, _ := io.ReadAll(r)
	fmt.Println(err, noDictionary, errRead, bytes.Equal(back, data), out.Len())
	out.Reset()
	l := lzw.NewWriter(&out, lzw.MSB, 8)
	l.Write(data)
	l.Close()
	back, err = io.ReadAll(lzw.NewReader(bytes.NewReader(out.Bytes()), lzw.MSB, 8))
	fmt.Println(bytes.Equal(back, data), err, out.Len())
	packed, _ := base64.StdEncoding.DecodeString("QlpoOTFBWSZTWS6sZssAAAwdgEAEEAAAgDZl3LAgAFRQNNDJiYGUbURp6jZCPtgoluzCFJwB8c2uaHUG44s6ezTVOBU8dNESLuSKcKEgXVjNlg==")
	plain, err := io.ReadAll(bzip2.NewReader(bytes.NewReader(packed)))
	fmt.Printf("%q %v\n", plain, err)
	_, err = io.ReadAll(flate.NewReader(strings.NewReader("\x07junk")))
	fmt.Println(err)
}

func main() {
	data := text(60000)
	levels(data)
	members(data)
	others(data)
}
