package main

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
)

type E struct{ N int }

func (e *E) Hello(s string) string { return fmt.Sprint("hello ", s, e.N) }
func (e E) Val() int               { return e.N }

type Stringer interface{ String() string }
type str string

func (s str) String() string { return "str:" + string(s) }

type named []int
type celsius float64

func main() {
	v := reflect.ValueOf
	// StructOf
	st := reflect.StructOf([]reflect.StructField{
		{Name: "A", Type: reflect.TypeOf(0), Tag: `json:"a"`},
		{Name: "B", Type: reflect.TypeOf("")},
		{Name: "C", Type: reflect.TypeOf([]string{})},
		{Name: "D", Type: reflect.TypeOf(map[string]int{})},
		{Name: "E", Type: reflect.TypeOf((*any)(nil)).Elem()},
	})
	s := reflect.New(st).Elem()
	s.Field(0).SetInt(5)
	s.Field(1).SetString(strings.Repeat("x", 3))
	s.Field(2).Set(v([]string{"p", "q"}))
	s.Field(3).Set(v(map[string]int{"k": 1}))
	s.Field(4).Set(v(str("e")))
	runtime.GC()
	fmt.Printf("%+v %T\n", s.Interface(), s.Interface())
	fmt.Println(s.Interface() == nil, st.Field(0).Tag.Get("json"), st.Comparable())
	st2 := reflect.StructOf([]reflect.StructField{{Name: "X", Type: reflect.TypeOf(0)}, {Name: "Y", Type: reflect.TypeOf("")}})
	p, q := reflect.New(st2).Elem(), reflect.New(st2).Elem()
	p.Field(1).SetString("a")
	q.Field(1).SetString(strings.ToLower("A"))
	fmt.Println(p.Interface() == q.Interface(), st2 == reflect.TypeOf(struct {
		X int
		Y string
	}{}))
	m := reflect.MakeMap(reflect.MapOf(st2, reflect.TypeOf(0)))
	m.SetMapIndex(p, v(1))
	m.SetMapIndex(q, v(2))
	fmt.Println(m.Len(), m.MapIndex(p))
	// embedded
	se := reflect.StructOf([]reflect.StructField{{Name: "E", Type: reflect.TypeOf(&E{}), Anonymous: true}})
	x := reflect.New(se).Elem()
	x.Field(0).Set(v(&E{4}))
	fmt.Println(se.NumMethod(), x.MethodByName("Val").Call(nil)[0], x.MethodByName("Hello").Call([]reflect.Value{v("you")})[0])
	hi, ok := x.Interface().(interface{ Hello(string) string })
	fmt.Println(ok)
	if ok {
		fmt.Println(hi.Hello("iface"))
	}
	// MapOf
	type key struct {
		a string
		b int
	}
	for _, kt := range []reflect.Type{reflect.TypeOf(0), reflect.TypeOf(""), reflect.TypeOf(key{}), reflect.TypeOf(3.5), reflect.TypeOf([2]string{}), reflect.TypeOf((*any)(nil)).Elem(), reflect.TypeOf([200]byte{})} {
		mt := reflect.MapOf(kt, reflect.TypeOf([]string(nil)))
		m := reflect.MakeMap(mt)
		for i := 0; i < 100; i++ {
			k := reflect.New(kt).Elem()
			switch kt.Kind() {
			case reflect.Int:
				k.SetInt(int64(i))
			case reflect.String:
				k.SetString(fmt.Sprint(i))
			case reflect.Struct:
				k = v(key{fmt.Sprint(i), i})
			case reflect.Float64:
				k.SetFloat(float64(i) / 2)
			case reflect.Array:
				if kt.Elem().Kind() == reflect.String {
					k.Index(1).SetString(fmt.Sprint(i))
				} else {
					k.Index(150).SetUint(uint64(i))
				}
			case reflect.Interface:
				k.Set(v(i))
			}
			m.SetMapIndex(k, v([]string{fmt.Sprint("v", i)}))
			if i%10 == 0 {
				runtime.GC()
			}
		}
		n, sum := 0, 0
		it := m.MapRange()
		for it.Next() {
			n++
			sum += len(it.Value().Index(0).String())
		}
		fmt.Println(mt, m.Len(), n, sum)
	}
	// ArrayOf, SliceOf, ChanOf, PointerTo
	at := reflect.ArrayOf(3, reflect.TypeOf(map[string]*E{}))
	a := reflect.New(at).Elem()
	a.Index(1).Set(v(map[string]*E{"a": {1}}))
	runtime.GC()
	fmt.Println(at, a.Len(), a.Index(1).MapIndex(v("a")).Elem().Field(0))
	big := reflect.ArrayOf(5000, reflect.TypeOf(""))
	ba := reflect.New(big).Elem()
	for i := 0; i < 5000; i += 7 {
		ba.Index(i).SetString(fmt.Sprint("item", i))
	}
	runtime.GC()
	runtime.GC()
	for i := 0; i < 1000; i++ {
		_ = fmt.Sprint("garbage", i)
	}
	fmt.Println(ba.Index(4998).String(), ba.Index(700), ba.Index(1).String() == "")
	sl := reflect.MakeSlice(reflect.SliceOf(at), 2, 5)
	sl = reflect.Append(sl, a)
	fmt.Println(sl.Len(), sl.Cap(), sl.Type())
	ct := reflect.ChanOf(reflect.BothDir, st2)
	ch := reflect.MakeChan(ct, 2)
	ch.Send(p)
	ch.Send(q)
	y, ok := ch.Recv()
	fmt.Println(ct, y.Field(1), ok, ch.Len(), ch.Cap())
	pt := reflect.PointerTo(reflect.PointerTo(st2))
	fmt.Println(pt, reflect.New(pt).Elem().IsNil())
	ft := reflect.FuncOf([]reflect.Type{st2, reflect.SliceOf(st2)}, []reflect.Type{pt}, true)
	fmt.Println(ft, ft.IsVariadic())
	f := reflect.MakeFunc(ft, func(in []reflect.Value) []reflect.Value {
		fmt.Println(in[0].Field(1), in[1].Len())
		return []reflect.Value{reflect.Zero(pt)}
	})
	fmt.Println(f.Call([]reflect.Value{p, q, q})[0].IsNil())
	// Convert
	fmt.Println(v([]int{1}).Convert(reflect.TypeOf(named{})).Type(), v(7).Convert(reflect.TypeOf(celsius(0))), v("héy").Convert(reflect.TypeOf([]byte{})), v([]rune{65, 66}).Convert(reflect.TypeOf("")), v(str("x")).Convert(reflect.TypeOf((*Stringer)(nil)).Elem()).Interface())
	fmt.Println(v([]int{1, 2, 3}).Convert(reflect.TypeOf([3]int{})), v(3.9).Convert(reflect.TypeOf(int8(0))), v(300).Convert(reflect.TypeOf(uint8(0))))
	fmt.Println(v(str("i")).MethodByName("String").Call(nil)[0], v(str("i")).Type().Implements(reflect.TypeOf((*fmt.Stringer)(nil)).Elem()))
	for i := range reflect.TypeOf(&E{}).NumMethod() {
		m := reflect.TypeOf(&E{}).Method(i)
		fmt.Println(m.Name, m.Type, m.Index)
	}
	func() {
		defer func() { fmt.Println(recover()) }()
		v(fmt.Sprint).Call([]reflect.Value{reflect.Value{}})
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		v(strings.Repeat).Call([]reflect.Value{v(1)})
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		v(strings.Repeat).Call([]reflect.Value{v(1), v(2)})
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		var nf func()
		v(nf).Call(nil)
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		v(1).Call(nil)
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		reflect.MakeFunc(reflect.TypeOf(1), nil)
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		reflect.MakeFunc(reflect.TypeOf(strings.ToUpper), func([]reflect.Value) []reflect.Value { return nil }).Interface().(func(string) string)("x")
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		reflect.MakeFunc(reflect.TypeOf(strings.ToUpper), func([]reflect.Value) []reflect.Value { return []reflect.Value{v(1)} }).Interface().(func(string) string)("x")
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		v(func() { panic("inner") }).Call(nil)
	}()
}
