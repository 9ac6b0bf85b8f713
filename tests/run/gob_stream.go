// Package encoding/gob: a stream of values with interfaces, changed types, and custom encodings.
package main

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"io"
	"math"
	"reflect"
	"strings"
)

type shape interface{ Area() float64 }

type numbers []int8

type circle struct{ R float64 }
type box struct{ W, H float64 }

func (c circle) Area() float64 { return math.Floor(c.R * c.R * 3) }
func (b *box) Area() float64   { return b.W * b.H }

type drawing struct {
	Title  string
	Shapes []shape
	Layers map[string][]int
	Parent *drawing
	Mixed  [3]any
	Bits   uint8
	Wave   complex128
	hidden int
}

// older and newer are the same record in two versions of a program.
type older struct {
	Name  string
	Count int32
	Gone  bool
	Inner struct{ A, B int }
}

type newer struct {
	Inner struct{ B, C int64 }
	Count int64
	Name  *string
	Added []string
}

// sealed encodes itself.
type sealed struct{ text string }

func (s sealed) GobEncode() ([]byte, error) { return []byte(strings.ToUpper(s.text)), nil }
func (s *sealed) GobDecode(data []byte) error {
	if len(data) == 0 {
		return io.ErrUnexpectedEOF
	}
	s.text = string(data)
	return nil
}

func drawings() {
	gob.Register(circle{})
	gob.Register(&box{})
	gob.RegisterName("numbers", numbers{})
	parent := &drawing{Title: "parent", Wave: 1 - 2i}
	in := drawing{
		Title: "main", Shapes: []shape{circle{2}, &box{3, 4}, nil}, Layers: map[string][]int{"a": {1, -2}, "b": nil},
		Parent: parent, Mixed: [3]any{"text", numbers{1, 2}, circle{1}}, Bits: 255, hidden: 5,
	}
	in.Shapes = in.Shapes[:2]
	var stream bytes.Buffer
	encoder := gob.NewEncoder(&stream)
	fmt.Println(encoder.Encode(in), encoder.Encode(&in), stream.Len() > 0)
	decoder := gob.NewDecoder(&stream)
	for range 2 {
		var out drawing
		err := decoder.Decode(&out)
		fmt.Println(err, out.Title, out.Shapes[0].Area(), out.Shapes[1].Area(), out.Layers, out.Parent.Wave, out.Mixed, out.Bits, out.hidden)
		out.hidden = in.hidden
		fmt.Println(reflect.DeepEqual(in.Layers, out.Layers), reflect.DeepEqual(in.Shapes, out.Shapes))
	}
	var rest drawing
	fmt.Println(decoder.Decode(&rest))
}

func versions() {
	var stream bytes.Buffer
	old := older{Name: "n", Count: 7, Gone: true}
	old.Inner.A, old.Inner.B = 1, 2
	fmt.Println(gob.NewEncoder(&stream).Encode(old))
	var now newer
	err := gob.NewDecoder(bytes.NewReader(stream.Bytes())).Decode(&now)
	fmt.Println(err, *now.Name, now.Count, now.Inner, now.Added)
	var wrong struct{ Name float64 }
	fmt.Println(gob.NewDecoder(bytes.NewReader(stream.Bytes())).Decode(&wrong))
	var none struct{ Other int }
	fmt.Println(gob.NewDecoder(bytes.NewReader(stream.Bytes())).Decode(&none))
	fmt.Println(gob.NewDecoder(bytes.NewReader(stream.Bytes()[:9])).Decode(&now))
	var number int
	fmt.Println(gob.NewDecoder(bytes.NewReader(stream.Bytes())).Decode(&number))
}

func oddities() {
	var stream bytes.Buffer
	encoder, decoder := gob.NewEncoder(&stream), gob.NewDecoder(&stream)
	for _, value := range []any{int8(-3), uint64(math.MaxUint64), -2.5, "text", []byte("bytes"), true, map[int]string{1: "x"}, [2]string{"p", "q"}, sealed{"quiet"}} {
		if err := encoder.Encode(value); err != nil {
			fmt.Println(err)
			continue
		}
		out := reflect.New(reflect.TypeOf(value))
		err := decoder.DecodeValue(out)
		fmt.Print(out.Elem(), " ", err, "; ")
	}
	fmt.Println()
	for _, value := range []any{make(chan int), func() {}, struct{ a int }{1}, (*int)(nil)} {
		func() {
			defer func() {
				if problem := recover(); problem != nil {
					fmt.Println("recovered:", problem)
				}
			}()
			fmt.Println(encoder.Encode(value))
		}()
	}
	var overflow int8
	fmt.Println(encoder.Encode(1000), decoder.Decode(&overflow))
}

func main() {
	drawings()
	versions()
	oddities()
}
