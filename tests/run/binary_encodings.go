// Bytes as numbers and as text: encoding/binary, hex, base64, base32, ascii85, pem.
package main

import (
	"bytes"
	"encoding/ascii85"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"math"
	"strings"
)

type header struct {
	Magic   [4]byte
	Version uint16
	Flags   int8
	_       uint8
	Size    int64
	Scale   float32
	Offsets [3]uint32
	Inner   struct{ A, B bool }
}

func structures() {
	h := header{[4]byte{'G', 'O', 'S', 'S'}, 0x0102, -5, 0, -1 << 40, 1.5, [3]uint32{1, 2, math.MaxUint32}, struct{ A, B bool }{true, false}}
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		var buffer bytes.Buffer
		err := binary.Write(&buffer, order, h)
		fmt.Printf("%v %d %v\n%x\n", order, binary.Size(h), err, buffer.Bytes())
		var back header
		err = binary.Read(&buffer, order, &back)
		fmt.Println(back == h, err)
	}
	short := binary.Read(strings.NewReader("xx"), binary.BigEndian, new(uint32))
	empty := binary.Read(strings.NewReader(""), binary.BigEndian, new(uint32))
	fmt.Println(short, empty, binary.Write(io.Discard, binary.BigEndian, "text"), binary.Size([]int16{1, 2}), binary.Size(1))
	encoded, err := binary.Append(nil, binary.LittleEndian, []uint16{1, 0x0203})
	fmt.Println(encoded, err, binary.LittleEndian.Uint16(encoded[2:]), binary.BigEndian.AppendUint32(nil, 0xcafe))
	eight := make([]byte, 8)
	binary.BigEndian.PutUint64(eight, math.Float64bits(-2))
	fmt.Println(eight, binary.NativeEndian.Uint32([]byte{1, 0, 0, 0}))
}

func varints() {
	var stream []byte
	for _, n := range []int64{0, 1, -1, 63, -64, 300, math.MaxInt64, math.MinInt64} {
		stream = binary.AppendVarint(stream, n)
	}
	stream = binary.AppendUvarint(stream, math.MaxUint64)
	fmt.Printf("%x\n", stream)
	reader := bytes.NewReader(stream)
	for range 8 {
		n, err := binary.ReadVarint(reader)
		fmt.Print(n, " ", err, " ")
	}
	u, err := binary.ReadUvarint(reader)
	_, end := binary.ReadUvarint(reader)
	fmt.Println(u, err, end)
	for _, bad := range [][]byte{{}, {0x80}, bytes.Repeat([]byte{0xff}, 11)} {
		value, n := binary.Uvarint(bad)
		fmt.Print(value, " ", n, "; ")
	}
	fmt.Println()
}

func texts() {
	data := []byte("any carnal pleas\x00\xff\xfe")
	for n := range 4 {
		part := data[:len(data)-n]
		std, raw := base64.StdEncoding.EncodeToString(part), base64.RawURLEncoding.EncodeToString(part)
		b32 := base32.HexEncoding.EncodeToString(part)
		back, err := base64.StdEncoding.DecodeString(std)
		back32, err32 := base32.HexEncoding.DecodeString(b32)
		fmt.Println(std, raw, b32, bytes.Equal(back, part), err, bytes.Equal(back32, part), err32)
	}
	for _, bad := range []string{"a", "ab=", "a\nb=\n=", "****", "YQ==YQ==", "YR=="} {
		back, err := base64.StdEncoding.DecodeString(bad)
		_, strict := base64.StdEncoding.Strict().DecodeString(bad)
		fmt.Printf("%q %v %v\n", back, err, strict)
	}
	var wrapped strings.Builder
	encoder := base64.NewEncoder(base64.StdEncoding, &wrapped)
	for _, c := range data {
		encoder.Write([]byte{c})
	}
	encoder.Close()
	streamed, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, strings.NewReader(wrapped.String()[:8]+"\r\n"+wrapped.String()[8:])))
	fmt.Println(bytes.Equal(streamed, data), err)
	fmt.Print(hex.EncodeToString(data), "\n", hex.Dump(append(data, "more than one line"...)))
	_, odd := hex.DecodeString("abc")
	_, letter := hex.DecodeString("zz")
	fmt.Println(odd, letter)
	out := make([]byte, ascii85.MaxEncodedLen(len(data)))
	fmt.Println(string(out[:ascii85.Encode(out, data)]))
	block := pem.EncodeToMemory(&pem.Block{Type: "MESSAGE", Headers: map[string]string{"Who": "me", "Proc-Type": "4"}, Bytes: data})
	decoded, rest := pem.Decode(append([]byte("junk\n"), block...))
	fmt.Printf("%s%s %v %d\n", block, decoded.Type, decoded.Headers, len(rest))
}

func main() {
	structures()
	varints()
	texts()
}
