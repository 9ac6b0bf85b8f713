package main

import (
	"fmt"
	"reflect"
)

// recover through functions that reflection made
type R struct{ n [4]int }

func (r R) Rec() { fmt.Println("Rec", recover(), r.n[0]) }

func (r *R) PRec() { fmt.Println("PRec", recover()) }

type RI interface{ Rec() }

var global = R{[4]int{1, 2, 3, 4}}

func (r R) Change() int { global.n[0] = 77; return r.n[0] }

func try(name string, f func()) {
	defer func() { fmt.Println(name, "outer", recover()) }()
	defer f()
	panic(name)
}

func main() {
	v := reflect.ValueOf
	try("method value", v(R{}).Method(1).Interface().(func()))
	try("pointer", v(&R{}).MethodByName("PRec").Interface().(func()))
	try("value through pointer", v(&R{}).MethodByName("Rec").Interface().(func()))
	var ri RI = R{}
	try("interface", v(&ri).Elem().MethodByName("Rec").Interface().(func()))
	try("makefunc", reflect.MakeFunc(reflect.TypeOf(func() {}), func([]reflect.Value) []reflect.Value { fmt.Println("in", recover()); return nil }).Interface().(func()))
	try("nested", func() { v(func() { fmt.Println("not here", recover()) }).Call(nil) })
	func() {
		defer func() { fmt.Println("outer", recover()) }()
		f := reflect.TypeOf(R{}).Method(1).Func.Interface().(func(R))
		defer f(R{})
		panic("method expr")
	}()
	fmt.Println(v(&global).Elem().MethodByName("Change").Call(nil)[0], global.n[0])
	m, _ := reflect.TypeOf(&global).MethodByName("Change")
	global.n[0] = 5
	fmt.Println(m.Func.Call([]reflect.Value{v(&global)})[0], global.n[0])
}
