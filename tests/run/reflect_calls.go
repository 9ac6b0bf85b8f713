// Calls by reflection: functions, methods by computed names, made functions, made struct types.
package main

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
)

type calculator struct {
	total float64
	log   []string
}

func (c *calculator) Add(n float64) *calculator { c.total += n; c.log = append(c.log, "add"); return c }
func (c *calculator) Mul(n float64) *calculator { c.total *= n; c.log = append(c.log, "mul"); return c }
func (c calculator) Total() float64             { return c.total }
func (c calculator) Describe(prefix string, parts ...any) (string, error) {
	if prefix == "" {
		return "", errors.New("no prefix")
	}
	return prefix + fmt.Sprint(parts...), nil
}

type big struct {
	a, b, c, d int64
	s          string
	f          float32
}

func (b big) Sum(x int8, other big, y float32) (int64, big, string) {
	other.s += b.s
	return b.a + b.b + b.c + b.d + int64(x), other, fmt.Sprint(y)
}

type speaker interface{ Speak(times int) string }
type dog struct{ name string }

func (d dog) Speak(times int) string { return d.name + strings.Repeat(" woof", times) }

func byName() {
	c := &calculator{}
	v := reflect.ValueOf(c)
	// The names exist nowhere in the program as they are called.
	for _, step := range strings.Fields("dda:2 lum:10 dda:0.5") {
		name, number, _ := strings.Cut(step, ":")
		method := ""
		for _, r := range name {
			method = string(r) + method
		}
		method = strings.ToUpper(method[:1]) + method[1:]
		var n float64
		fmt.Sscan(number, &n)
		result := v.MethodByName(method).Call([]reflect.Value{reflect.ValueOf(n)})
		fmt.Print(method, " ", result[0].Interface().(*calculator).total, "; ")
	}
	fmt.Println(c.log, v.MethodByName("Sub").IsValid(), v.NumMethod(), v.Elem().NumMethod())
	for i := range v.NumMethod() {
		m := v.Type().Method(i)
		fmt.Print(m.Name, " ", m.Type, " ", v.Method(i).Type(), "; ")
	}
	fmt.Println()
	describe := v.MethodByName("Describe")
	fmt.Println(describe.Call([]reflect.Value{reflect.ValueOf("p:"), reflect.ValueOf(1), reflect.ValueOf("x")}))
	fmt.Println(describe.CallSlice([]reflect.Value{reflect.ValueOf("q:"), reflect.ValueOf([]any{1, 2})})[0])
	fmt.Println(describe.Call([]reflect.Value{reflect.ValueOf("")})[1].Interface())
	expression := reflect.TypeOf(*c).Method(1).Func
	fmt.Println(expression.Type(), expression.Call([]reflect.Value{reflect.ValueOf(*c)})[0])
	add := v.Method(0).Interface().(func(float64) *calculator)
	fmt.Println(add(1).total, v.MethodByName("Total").Interface().(func() float64)())
	var s speaker = dog{"rex"}
	fmt.Println(reflect.ValueOf(&s).Elem().Method(0).Call([]reflect.Value{reflect.ValueOf(2)})[0])
	results := reflect.ValueOf(big{1, 2, 3, 4, "left", 0}).MethodByName("Sum").Call([]reflect.Value{reflect.ValueOf(int8(-5)), reflect.ValueOf(big{a: 7, s: "right-", f: 1.5}), reflect.ValueOf(float32(2.5))})
	fmt.Printf("%v %+v %v\n", results[0], results[1], results[2])
}

func made() {
	swap := func(args []reflect.Value) []reflect.Value { return []reflect.Value{args[1], args[0]} }
	var ints func(int, int) (int, int)
	var mixed func(string, float32) (float32, string)
	for _, target := range []any{&ints, &mixed} {
		f := reflect.ValueOf(target).Elem()
		f.Set(reflect.MakeFunc(f.Type(), swap))
	}
	a, b := ints(1, 2)
	c, d := mixed("s", 1.5)
	fmt.Println(a, b, c, d)
	var variadic func(string, ...int) (int, error)
	f := reflect.ValueOf(&variadic).Elem()
	f.Set(reflect.MakeFunc(f.Type(), func(args []reflect.Value) []reflect.Value {
		sum := 0
		for i := range args[1].Len() {
			sum += int(args[1].Index(i).Int())
		}
		return []reflect.Value{reflect.ValueOf(sum), reflect.Zero(reflect.TypeFor[error]())}
	}))
	fmt.Println(variadic("x", 1, 2, 3))
	large := reflect.MakeFunc(reflect.TypeFor[func(big, [3]string) (struct{ X, Y big }, []byte)](), func(args []reflect.Value) []reflect.Value {
		out := struct{ X, Y big }{X: args[0].Interface().(big)}
		out.Y.s = args[1].Index(2).String()
		return []reflect.Value{reflect.ValueOf(out), reflect.ValueOf([]byte("bytes"))}
	}).Interface().(func(big, [3]string) (struct{ X, Y big }, []byte))
	pair, text := large(big{a: 1, f: 0.5}, [3]string{2: "third"})
	fmt.Printf("%+v %s\n", pair, text)
	reflect.MakeFunc(reflect.TypeFor[func()](), func([]reflect.Value) []reflect.Value { fmt.Println("called"); return nil }).Call(nil)
}

func structs() {
	t := reflect.StructOf([]reflect.StructField{
		{Name: "Name", Type: reflect.TypeFor[string](), Tag: `json:"name"`}, {Name: "N", Type: reflect.TypeFor[int8]()}, {Name: "Inner", Type: reflect.TypeFor[[]*int]()},
	})
	v := reflect.New(t).Elem()
	v.Field(0).SetString("made")
	v.Field(1).SetInt(-1)
	fmt.Printf("%v %+v %v %d\n", t, v, t == reflect.TypeOf(v.Interface()), t.Size())
	same := reflect.TypeOf(struct {
		Name  string `json:"name"`
		N     int8
		Inner []*int
	}{})
	fmt.Println(t == same, reflect.FuncOf([]reflect.Type{t}, []reflect.Type{same}, false) == reflect.FuncOf([]reflect.Type{same}, []reflect.Type{t}, false), reflect.ChanOf(reflect.RecvDir, t).ChanDir())
	m := reflect.MakeMap(reflect.MapOf(reflect.ArrayOf(2, reflect.TypeFor[any]()), t))
	m.SetMapIndex(reflect.ValueOf([2]any{1, "k"}), v)
	fmt.Println(m, m.MapIndex(reflect.ValueOf([2]any{1, "k"})).Field(0))
}

func main() {
	byName()
	made()
	structs()
	for _, mistake := range []func(){
		func() { reflect.ValueOf(strings.ToUpper).Call(nil) },
		func() { reflect.ValueOf(strings.ToUpper).Call([]reflect.Value{reflect.ValueOf(1)}) },
		func() { var f func(); reflect.ValueOf(f).Call(nil) },
		func() { reflect.ValueOf(func() { panic("inside") }).Call(nil) },
	} {
		func() {
			defer func() { fmt.Println("recovered:", recover()) }()
			mistake()
		}()
	}
}
