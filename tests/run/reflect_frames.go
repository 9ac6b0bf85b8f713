package main

import (
	"fmt"
	"reflect"
)

type small struct {
	a int8
	b bool
}
type big struct {
	x [5]int
	s string
}
type T struct{ n int }

func (t T) Val(a int8, b int64) (int64, string) { return int64(t.n) + int64(a) + b, "val" }
func (t *T) Ptr(s string) string                { t.n++; return s + "!" }
func (b big) Sum(k int) int {
	n := k
	for _, v := range b.x {
		n += v
	}
	return n
}
func (b big) Big() big                  { b.x[0] = 99; return b }
func (s small) Get(x int8) (int8, bool) { return s.a + x, s.b }

type I interface{ Ptr(string) string }

func f1(a int8, b string, c float32, d ...int) (int, string) {
	n := int(a)
	for _, v := range d {
		n += v
	}
	return n + int(c), b + b
}
func f2(b big, s small, i any, e I) (big, small, any) {
	b.x[1] += 5
	s.a++
	return b, s, e.Ptr("z")
}
func f3() {}
func f4(c complex128, p *int, m map[string]int, ch chan int, f func(int) int) complex64 {
	*p += f(m["k"])
	return complex64(c)
}

func main() {
	v := reflect.ValueOf
	r := v(f1).Call([]reflect.Value{v(int8(3)), v("ab"), v(float32(2.5)), v(10), v(20)})
	fmt.Println(len(r), r[0].Int(), r[1].String())
	r = v(f1).CallSlice([]reflect.Value{v(int8(3)), v("ab"), v(float32(2.5)), v([]int{1, 2})})
	fmt.Println(r[0].Int())
	b := big{x: [5]int{1, 2, 3, 4, 5}, s: "big"}
	r = v(f2).Call([]reflect.Value{v(b), v(small{4, true}), v(7), v(&T{1})})
	b2 := r[0].Interface().(big)
	fmt.Println(b2.x[0], b2.x[1], b2.s, r[1].Field(0).Int(), r[2].Interface().(string), b.x[1])
	fmt.Println(len(v(f3).Call(nil)))
	n := 1
	r = v(f4).Call([]reflect.Value{v(2 + 3i), v(&n), v(map[string]int{"k": 5}), v(make(chan int)), v(func(x int) int { return x * n })})
	fmt.Println(n, real(r[0].Complex()))
	k := 100
	r = v(func(x int) int { k += x; return k }).Call([]reflect.Value{v(11)})
	fmt.Println(r[0].Int(), k)
	// methods
	t := &T{10}
	r = v(t).Method(1).Call([]reflect.Value{v(int8(1)), v(int64(2))})
	fmt.Println(r[0].Int(), r[1].String())
	r = v(*t).MethodByName("Val").Call([]reflect.Value{v(int8(1)), v(int64(2))})
	fmt.Println(r[0].Int(), r[1].String())
	r = v(t).MethodByName("Ptr").Call([]reflect.Value{v("hey")})
	fmt.Println(r[0].String(), t.n)
	r = v(b).MethodByName("Sum").Call([]reflect.Value{v(1000)})
	fmt.Println(r[0].Int())
	r = v(b).MethodByName("Big").Call(nil)
	fmt.Println(r[0].Field(0).Index(0).Int(), b.x[0])
	r = v(small{3, true}).MethodByName("Get").Call([]reflect.Value{v(int8(4))})
	fmt.Println(r[0].Int(), r[1].Bool())
	// interface receiver
	var i I = t
	r = v(&i).Elem().Method(0).Call([]reflect.Value{v("iface")})
	fmt.Println(r[0].String(), t.n)
	// method values as funcs
	g := v(t).MethodByName("Val").Interface().(func(int8, int64) (int64, string))
	x, y := g(5, 6)
	fmt.Println(x, y)
	h := v(b).MethodByName("Big").Interface().(func() big)
	fmt.Println(h().x[0])
	// Type.Method(i).Func
	m, _ := reflect.TypeOf(t).MethodByName("Val")
	r = m.Func.Call([]reflect.Value{v(t), v(int8(1)), v(int64(1))})
	fmt.Println(r[0].Int(), m.Type.String())
	m, _ = reflect.TypeOf(small{}).MethodByName("Get")
	r = m.Func.Call([]reflect.Value{v(small{7, false}), v(int8(1))})
	fmt.Println(r[0].Int(), r[1].Bool())
	m, _ = reflect.TypeOf(b).MethodByName("Sum")
	r = m.Func.Call([]reflect.Value{v(b), v(1)})
	fmt.Println(r[0].Int())
	m, _ = reflect.TypeOf(b).MethodByName("Big")
	r = m.Func.Call([]reflect.Value{v(b)})
	fmt.Println(r[0].Field(0).Index(0).Int())
	ff := m.Func.Interface().(func(big) big)
	fmt.Println(ff(b).x[0])
	// MakeFunc
	swap := func(in []reflect.Value) []reflect.Value { return []reflect.Value{in[1], in[0]} }
	var is func(int, int) (int, int)
	var ss func(string, string) (string, string)
	for _, p := range []any{&is, &ss} {
		fn := v(p).Elem()
		fn.Set(reflect.MakeFunc(fn.Type(), swap))
	}
	a1, a2 := is(1, 2)
	s1, s2 := ss("a", "b")
	fmt.Println(a1, a2, s1, s2)
	mk := reflect.MakeFunc(reflect.TypeOf(f2), func(in []reflect.Value) []reflect.Value {
		fmt.Println(in[0].Field(1).String(), in[1].Field(0).Int(), in[2].Elem().Int())
		return []reflect.Value{in[0], in[1], v("any").Convert(reflect.TypeOf((*any)(nil)).Elem())}
	}).Interface().(func(big, small, any, I) (big, small, any))
	b3, s3, a3 := mk(b, small{1, true}, 5, t)
	fmt.Println(b3.x[4], s3.a, s3.b, a3.(string))
	// types made at run time
	ft := reflect.FuncOf([]reflect.Type{reflect.TypeOf(int8(0)), reflect.TypeOf(uint16(0))}, []reflect.Type{reflect.TypeOf(""), reflect.TypeOf(0)}, false)
	fmt.Println(ft.String())
	mf := reflect.MakeFunc(ft, func(in []reflect.Value) []reflect.Value {
		return []reflect.Value{v("dyn"), v(int(in[0].Int()) + int(in[1].Uint()))}
	})
	r = mf.Call([]reflect.Value{v(int8(2)), v(uint16(40))})
	fmt.Println(r[0].String(), r[1].Int())
	type F func(int8, int8, int8) int8
	ft = reflect.FuncOf([]reflect.Type{reflect.TypeOf(int8(0)), reflect.TypeOf(int8(0)), reflect.TypeOf(int8(0))}, []reflect.Type{reflect.TypeOf(int8(0))}, false)
	mf = reflect.MakeFunc(ft, func(in []reflect.Value) []reflect.Value { return in[2:] }).Convert(reflect.TypeOf(F(nil)))
	fmt.Println(mf.Interface().(F)(1, 2, 3))
}
