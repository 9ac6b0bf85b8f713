// Package encoding/json: tags, embedding, custom marshalers, streams, raw messages, and the words of its errors.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
)

// level is known to JSON by its name; only its pointer has UnmarshalJSON.
type level int

var levelNames = []string{"low", "medium", "high"}

func (l level) MarshalJSON() ([]byte, error) { return json.Marshal(levelNames[l]) }
func (l *level) UnmarshalJSON(data []byte) error {
	var name string
	if err := json.Unmarshal(data, &name); err != nil {
		return err
	}
	for i, known := range levelNames {
		if known == name {
			*l = level(i)
			return nil
		}
	}
	return fmt.Errorf("unknown level %q", name)
}

type point struct{ X, Y int }

func (p point) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%d;%d", p.X, p.Y), nil }
func (p *point) UnmarshalText(text []byte) error {
	_, err := fmt.Sscanf(string(text), "%d;%d", &p.X, &p.Y)
	return err
}

type base struct {
	ID      int    `json:"id"`
	Comment string `json:",omitempty"`
}

type record struct {
	base
	Name     string            `json:"name"`
	Level    level             `json:"level"`
	Next     *level            `json:"next"`
	Size     float64           `json:"size,string"`
	Data     []byte            `json:"data"`
	Points   map[point]string  `json:"points,omitempty"`
	Nested   *record           `json:"nested,omitempty"`
	Any      any               `json:"any"`
	Raw      json.RawMessage   `json:"raw,omitempty"`
	Skip     string            `json:"-"`
	Dash     int               `json:"-,"`
	Array    [2]bool           `json:"array"`
	Labels   map[string]string `json:"labels"`
	Zero     struct{}          `json:"zero,omitzero"`
	private  int
	Optional *string `json:"optional"`
}

func roundTrip() {
	high := level(2)
	r := record{
		base: base{ID: 9}, Name: "päck <&> \u2028", Level: 1, Next: &high, Size: 2.5, Data: []byte("raw bytes"),
		Points: map[point]string{{3, 4}: "b", {-1, 2}: "a"}, Nested: &record{Name: "inner"}, Any: []any{1, "x", nil, 1.5e300, map[string]any{"k": true}},
		Raw: json.RawMessage(` {"kept" : [1,2]} `), Skip: "hidden", Dash: 4, private: 1, Labels: map[string]string{"z": "1", "a": "2"},
	}
	text, err := json.Marshal(r)
	fmt.Println(string(text), err)
	var back record
	err = json.Unmarshal(text, &back)
	fmt.Println(err, back.base, back.Level, *back.Next, back.Size, string(back.Data), back.Points, back.Nested.Name, back.Any, string(back.Raw))
	again, _ := json.MarshalIndent(back, ">", "  ")
	compact := new(bytes.Buffer)
	fmt.Println(json.Compact(compact, bytes.ReplaceAll(again, []byte("\n>"), []byte("\n"))), compact.String() == string(text), len(again))
	small, _ := json.MarshalIndent(map[string]any{"b": []int{1, 2}, "a": map[string]int{}, "c": []string{}}, "", "\t")
	fmt.Println(string(small))
}

func failures() {
	for _, text := range []string{
		`{"level":"urgent"}`, `{"next":"high","level":7}`, `{"id":"text"}`, `{"size":"x"}`, `{"array":[true,false,true]}`, `[1,2]`, `{"name":`, `{"name":"a",}`,
		`{"name":'a'}`, `{"data":"%%%"}`, `{"points":{"nope":"x"}}`, `nul`, `{"any":1e999}`, `{"NAME":"case folds"}`, `{"id":1.5}`, `{"name":"\ud800"}`, `{"id":1} x`, `{"id":99999999999999999999}`,
	} {
		var r record
		err := json.Unmarshal([]byte(text), &r)
		var syntax *json.SyntaxError
		var wrongType *json.UnmarshalTypeError
		switch {
		case errors.As(err, &syntax):
			fmt.Println("syntax at", syntax.Offset, err)
		case errors.As(err, &wrongType):
			fmt.Println("type", wrongType.Field, wrongType.Type, wrongType.Offset, err)
		default:
			fmt.Printf("%v %q\n", err, r.Name)
		}
	}
	for _, value := range []any{math.Inf(1), make(chan int), map[bool]int{true: 1}, func() {}, []any{math.NaN()}} {
		_, err := json.Marshal(value)
		fmt.Println(err)
	}
	fmt.Println(json.Unmarshal([]byte("1"), nil), json.Unmarshal([]byte("1"), record{}), json.Valid([]byte(`{"a":[1,{}]}`)), json.Valid([]byte(`{a:1}`)))
}

func streams() {
	decoder := json.NewDecoder(strings.NewReader(`{"id":1} {"id":2,"new":3} [10, 20.5, "x", {"deep": [null]}]`))
	decoder.UseNumber()
	for range 2 {
		var b base
		fmt.Println(decoder.Decode(&b), b.ID, decoder.InputOffset(), decoder.More())
	}
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			break
		}
		fmt.Printf("%T:%v ", token, token)
	}
	fmt.Println()
	strict := json.NewDecoder(strings.NewReader(`{"id":1,"other":2}`))
	strict.DisallowUnknownFields()
	fmt.Println(strict.Decode(new(base)))
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	fmt.Println(encoder.Encode([]any{"<b>", 1.0, 1e21, 1e-7, int64(1) << 60, float32(0.1), nil, json.Number("12.50")}), out.String())
	var anything any
	fmt.Println(json.Unmarshal([]byte(`{"b":[1,{"c":null}],"a":"é"}`), &anything), anything)
}

func main() {
	roundTrip()
	failures()
	streams()
}
