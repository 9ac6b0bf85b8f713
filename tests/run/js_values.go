//run:goos js

// Package syscall/js: values of every kind, objects, arrays, bytes, exceptions.
package main

import (
	"fmt"
	"math"
	"syscall/js"
)

func kinds() {
	for _, v := range []any{nil, true, 1, -2.5, "tëxt", uint8(255), int64(1) << 53, math.Inf(1), []any{1, "x", nil}, map[string]any{"k": []any{true}}} {
		value := js.ValueOf(v)
		fmt.Println(value.Type(), value.Truthy(), value, value.IsNull())
	}
	fmt.Println(js.Undefined().IsUndefined(), js.Null().IsNull(), js.ValueOf(math.NaN()).IsNaN(), js.Undefined(), js.Value{}.Type())
	fmt.Println(js.ValueOf(3.9).Int(), js.ValueOf(3.9).Float(), js.ValueOf("s").String(), js.ValueOf(false).Bool())
	fmt.Println(js.ValueOf("a").Equal(js.ValueOf("a")), js.ValueOf(map[string]any{}).Equal(js.ValueOf(map[string]any{})), js.Global().Equal(js.Global().Get("globalThis")))
}

func objects() {
	object := js.Global().Get("Object").New()
	object.Set("n", 1)
	object.Set("nested", map[string]any{"list": []any{1, 2, 3}})
	list := object.Get("nested").Get("list")
	list.SetIndex(5, "sparse")
	fmt.Println(list.Length(), list.Index(4).IsUndefined(), list.Index(5), list.Call("join", "-"))
	object.Delete("n")
	keys := js.Global().Get("Object").Call("keys", object)
	fmt.Println(keys.Length(), keys.Index(0), object.Get("n").Type())
	fmt.Println(js.Global().Get("JSON").Call("stringify", object))
	parsed := js.Global().Get("JSON").Call("parse", `{"a":[1,{"b":"ü"}],"c":null}`)
	fmt.Println(parsed.Get("a").Index(1).Get("b"), parsed.Get("c").IsNull())
	date := js.Global().Get("Date").New(2020, 1, 29)
	fmt.Println(date.InstanceOf(js.Global().Get("Date")), list.InstanceOf(js.Global().Get("Array")), date.Call("getMonth"), date.Call("getDate"))
	add := js.Global().Get("Function").New("a", "b", "return a + b")
	fmt.Println(add.Invoke(1, 2), add.Invoke("x", 1), add.Type(), js.Global().Get("Math").Call("max", 3, 9, 4))
	typed := js.Global().Get("Uint8Array").New(6)
	n := js.CopyBytesToJS(typed, []byte{1, 2, 3, 200})
	back := make([]byte, 3)
	m := js.CopyBytesToGo(back, typed.Call("subarray", 1))
	fmt.Println(n, m, back, typed.Get("length"), typed.Call("toString"))
	long := make([]byte, 100000)
	for i := range long {
		long[i] = byte('a' + i%26)
	}
	text := js.ValueOf(string(long))
	measure := js.Global().Get("Function").New("s", "return [s.length, s.charAt(77777), s.toUpperCase()]").Invoke(text)
	fmt.Println(measure.Index(0), measure.Index(1), len(measure.Index(2).String()))
	// Many values, most of them forgotten.
	sum := 0
	for i := range 20000 {
		sum += js.ValueOf(map[string]any{"i": i}).Get("i").Int()
	}
	fmt.Println(sum)
}

func attempt(f func()) {
	defer func() {
		switch problem := recover().(type) {
		case js.Error:
			fmt.Println("js.Error:", problem.Error(), problem.Get("name"))
		case *js.ValueError:
			fmt.Println("ValueError:", problem.Method, problem.Type)
		default:
			fmt.Printf("%T: %v\n", problem, problem)
		}
	}()
	f()
}

func failures() {
	thrower := js.Global().Get("Function").New("throw new RangeError('out of it')")
	attempt(func() { thrower.Invoke() })
	attempt(func() { js.Global().Call("noSuchFunction") })
	attempt(func() { js.Global().Get("JSON").Call("parse", "{") })
	attempt(func() { js.ValueOf(1).Get("x") })
	attempt(func() { js.ValueOf("s").Int() })
	attempt(func() { js.Undefined().Call("f") })
	attempt(func() { js.ValueOf(make(chan int)) })
	attempt(func() { js.Global().Get("Array").New(-1) })
	attempt(func() { js.CopyBytesToGo(nil, js.ValueOf("x")) })
	attempt(func() { js.Null().Set("a", 1) })
	attempt(func() { panic(js.Error{Value: js.Global().Get("Error").New("mine")}) })
}

func main() {
	kinds()
	objects()
	failures()
}
