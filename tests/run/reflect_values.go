// Package reflect: a printer of arbitrary values, types described and compared, values changed through pointers.
package main

import (
	"fmt"
	"reflect"
	"sort"
	"strings"
	"unsafe"
)

type color uint8

func (c color) String() string { return "color" }
func (c *color) Set(n uint8)   { *c = color(n) }

type inner struct {
	A int `json:"a,omitempty" db:"col_a"`
	b string
}

type outer struct {
	inner
	*strings.Builder
	Color  color
	List   []any
	Table  map[string]inner
	Fn     func(int, ...string) (bool, error)
	Ch     <-chan int
	Ptr    *outer
	Arr    [2]float32
	Iface  fmt.Stringer
	Cplx   complex64
	Unsafe unsafe.Pointer
}

type generic[K comparable, V any] struct {
	Key K
	Val V
}

func describe(v reflect.Value, depth int) {
	indent := strings.Repeat("  ", depth)
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			fmt.Printf("%s%s %v offset=%d embedded=%v exported=%v tag=%q\n", indent, field.Name, field.Type, field.Offset, field.Anonymous, field.IsExported(), field.Tag)
			describe(v.Field(i), depth+1)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			describe(v.Index(i), depth+1)
		}
	case reflect.Map:
		keys := v.MapKeys()
		sort.Slice(keys, func(i, j int) bool { return keys[i].String() < keys[j].String() })
		for _, key := range keys {
			fmt.Printf("%s[%v]\n", indent, key)
			describe(v.MapIndex(key), depth+1)
		}
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			fmt.Printf("%snil %v\n", indent, v.Type())
		} else if depth < 4 {
			describe(v.Elem(), depth+1)
		}
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		fmt.Printf("%s%v nil=%v\n", indent, v.Type(), v.IsNil())
	default:
		fmt.Printf("%s%v %v set=%v\n", indent, v.Kind(), v, v.CanSet())
	}
}

func types() {
	for _, v := range []any{outer{}, &outer{}, color(1), []map[string]*int{}, func(...int) {}, make(chan<- bool), [3]struct{ X, y int }{}, generic[string, []generic[int, error]]{}, struct {
		A int `k:"v"`
		fmt.Stringer
	}{}} {
		t := reflect.TypeOf(v)
		fmt.Println(t, t.Kind(), t.Name(), t.PkgPath(), t.Size(), t.Align(), t.Comparable(), t.NumMethod(), t.String() == fmt.Sprintf("%T", v))
	}
	t := reflect.TypeFor[outer]()
	field, _ := t.FieldByName("A")
	fmt.Println(field.Index, field.Tag.Get("db"), reflect.TypeFor[error]().Kind(), t.NumField(), reflect.TypeFor[*outer]().Elem() == t)
	_, hasOption := field.Tag.Lookup("xml")
	promoted, ok := reflect.PointerTo(t).MethodByName("WriteByte")
	fmt.Println(hasOption, promoted.Type, ok)
	fn := reflect.TypeOf(outer{}.Fn)
	fmt.Println(fn.NumIn(), fn.IsVariadic(), fn.In(1), fn.Out(1), reflect.TypeOf(outer{}.Ch).ChanDir())
	stringer := reflect.TypeFor[fmt.Stringer]()
	fmt.Println(reflect.TypeFor[color]().Implements(stringer), reflect.TypeFor[inner]().Implements(stringer), reflect.TypeFor[int]().ConvertibleTo(reflect.TypeFor[color]()), reflect.TypeFor[int]().AssignableTo(reflect.TypeFor[color]()))
	fmt.Println(reflect.VisibleFields(reflect.TypeFor[struct{ inner }]())[1].Name)
}

func changes() {
	o := outer{List: []any{1, "x"}, Table: map[string]inner{"k": {A: 1}}, Color: 3, Iface: color(2), Ptr: &outer{}}
	v := reflect.ValueOf(&o).Elem()
	v.FieldByName("Color").SetUint(200)
	v.FieldByName("List").Set(reflect.Append(v.FieldByName("List"), reflect.ValueOf(2.5)))
	v.FieldByName("Table").SetMapIndex(reflect.ValueOf("new"), reflect.ValueOf(inner{A: 9}))
	v.FieldByName("Arr").Index(1).SetFloat(1.5)
	v.FieldByName("Cplx").SetComplex(1 + 2i)
	v.FieldByIndex([]int{0, 0}).SetInt(-4)
	fmt.Println(o.Color == 200, o.List, o.Table, o.Arr, o.Cplx, o.A)
	describe(v, 0)
	swap := reflect.Swapper(o.List)
	swap(0, 2)
	fmt.Println(o.List, reflect.Indirect(reflect.ValueOf(&o.Color)), v.FieldByName("Iface").Elem().Type(), v.FieldByName("nope").IsValid())
	grown := reflect.MakeSlice(reflect.TypeFor[[]int](), 2, 5)
	grown.Index(0).SetInt(7)
	made := reflect.MakeMapWithSize(reflect.MapOf(reflect.TypeFor[string](), reflect.TypeFor[bool]()), 4)
	made.SetMapIndex(reflect.ValueOf("on"), reflect.ValueOf(true))
	fmt.Println(grown, grown.Slice3(0, 1, 2).Cap(), made, reflect.New(reflect.ArrayOf(3, reflect.TypeFor[color]())).Elem(), reflect.Zero(reflect.TypeFor[inner]()))
	fmt.Println(reflect.ValueOf(300).Convert(reflect.TypeFor[uint8]()), reflect.ValueOf("hé").Convert(reflect.TypeFor[[]rune]()), reflect.ValueOf([]int{1, 2, 3}).Convert(reflect.TypeFor[[2]int]()))
	ch := reflect.MakeChan(reflect.TypeFor[chan int](), 1)
	ch.Send(reflect.ValueOf(5))
	chosen, received, ok := reflect.Select([]reflect.SelectCase{{Dir: reflect.SelectDefault}, {Dir: reflect.SelectRecv, Chan: ch}})
	fmt.Println(chosen, received, ok, ch.TrySend(reflect.ValueOf(1)), ch.Len())
}

func main() {
	types()
	changes()
	a, b := []any{1, map[string][]int{"x": {1}}}, []any{1, map[string][]int{"x": {1}}}
	fmt.Println(reflect.DeepEqual(a, b), reflect.DeepEqual([]int{}, []int(nil)), reflect.DeepEqual(error(nil), nil), reflect.ValueOf(a[0]).Equal(reflect.ValueOf(b[0])))
	for _, mistake := range []func(){
		func() { reflect.ValueOf(1).SetInt(2) },
		func() { reflect.ValueOf(&inner{}).Elem().Field(1).SetString("x") },
		func() { reflect.ValueOf("x").Int() },
		func() { reflect.Value{}.Type() },
		func() { reflect.ValueOf([]int{}).Index(0) },
		func() { reflect.ValueOf(new(int)).Elem().Set(reflect.ValueOf("s")) },
		func() { reflect.ValueOf(1).Elem() },
	} {
		func() {
			defer func() { fmt.Println("recovered:", recover()) }()
			mistake()
		}()
	}
}
