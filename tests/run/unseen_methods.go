// Methods that no call in the program names: met by assertion, through embedding, by reflection and by other packages.
package main

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"sort"
	"strings"
)

type thing struct{ parts []string }

// Nobody calls Close, WriteTo or Polish below by name on a thing.
func (t *thing) Close() error { t.parts = append(t.parts, "closed"); return nil }
func (t *thing) WriteTo(w io.Writer) (int64, error) {
	n, err := io.WriteString(w, strings.Join(t.parts, ","))
	return int64(n), err
}
func (t *thing) Read([]byte) (int, error) { return 0, errors.New("WriteTo was meant to be used") }
func (t thing) Polish(times int) thing {
	return thing{append(t.parts[:len(t.parts):len(t.parts)], fmt.Sprint("polished ", times))}
}
func (t thing) Unused() string { return "reached by name only" }

type polisher interface{ Polish(int) thing }
type never interface{ Never() }

type wrapper struct {
	*thing
	io.Reader
}

type flavour int

func (f flavour) MarshalText() ([]byte, error) { return []byte(fmt.Sprint("flavour-", int(f))), nil }
func (f *flavour) UnmarshalText(text []byte) error {
	_, err := fmt.Sscanf(string(text), "flavour-%d", (*int)(f))
	return err
}

type custom struct{ text string }

func (c *custom) UnmarshalJSON(data []byte) error {
	c.text = "custom:" + string(data)
	return nil
}

type holder struct {
	Field   custom
	Pointer *custom
	List    []custom
	Map     map[flavour]custom
	Nested  struct{ Deep custom }
	Flavour flavour
}

type byLast []string

func (b byLast) Len() int           { return len(b) }
func (b byLast) Less(i, j int) bool { return b[i][len(b[i])-1] < b[j][len(b[j])-1] }
func (b byLast) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

type failure struct{ code int }

func (f failure) Error() string        { return fmt.Sprint("failure ", f.code) }
func (f failure) Is(target error) bool { return target == io.EOF }
func (f failure) Timeout() bool        { return f.code == 1 }

func describe(v any) string {
	var found []string
	if _, ok := v.(io.Closer); ok {
		found = append(found, "closer")
	}
	if p, ok := v.(polisher); ok {
		found = append(found, fmt.Sprint(p.Polish(2).parts))
	}
	if _, ok := v.(never); ok {
		found = append(found, "never")
	}
	if m, ok := v.(encoding.TextMarshaler); ok {
		text, _ := m.MarshalText()
		found = append(found, string(text))
	}
	if t, ok := v.(interface{ Timeout() bool }); ok {
		found = append(found, fmt.Sprint("timeout ", t.Timeout()))
	}
	return strings.Join(found, "; ")
}

func main() {
	t := &thing{parts: []string{"a"}}
	fmt.Println(describe(t), "|", describe(*t), "|", describe(wrapper{thing: t}), "|", describe(flavour(3)), "|", describe(failure{1}), "|", describe(1))
	if c, ok := any(t).(io.Closer); ok {
		fmt.Println(c.Close())
	}
	var out strings.Builder
	n, err := io.Copy(&out, struct{ io.Reader }{t})
	fmt.Println(n, err)
	n, err = io.Copy(&out, t)
	fmt.Println(n, err, out.String())
	var h holder
	err = json.Unmarshal([]byte(`{"Field":1,"Pointer":"p","List":[null,{}],"Map":{"flavour-7":true},"Nested":{"Deep":[ ]},"Flavour":"flavour-9"}`), &h)
	fmt.Println(err, h.Field, h.Pointer.text, h.List, h.Map, h.Nested, int(h.Flavour))
	name := strings.Join([]string{"Un", "used"}, "")
	fmt.Println(reflect.ValueOf(t).MethodByName(name).Call(nil)[0], reflect.ValueOf(t).MethodByName("un"+"used").IsValid())
	words := []string{"one", "cab", "had"}
	var order sort.Interface = byLast(words)
	sort.Sort(order)
	fmt.Println(words, errors.Is(failure{2}, io.EOF), errors.Is(failure{2}, io.ErrUnexpectedEOF))
	methods := reflect.TypeOf(t)
	for i := range methods.NumMethod() {
		fmt.Print(methods.Method(i).Name, " ")
	}
	fmt.Println(reflect.TypeOf(wrapper{}).NumMethod())
	switch v := any(wrapper{thing: t}).(type) {
	case never:
		fmt.Println("never", v)
	case io.ReadCloser:
		fmt.Println("read closer")
	case io.Closer:
		fmt.Println("closer only", v.Close(), len(t.parts))
	}
	defer func() { fmt.Println("recovered:", recover()) }()
	_ = any(t).(never)
}
