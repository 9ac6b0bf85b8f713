package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"sort"
	"strings"
	"text/template"
	"time"
)

type Person struct {
	Name   string         `json:"name"`
	Age    int            `json:"age,omitempty"`
	Tags   []string       `json:"tags"`
	Extra  map[string]any `json:"extra"`
	Friend *Person        `json:"friend,omitempty"`
	When   time.Duration  `json:"when"`
	M      map[int]string `json:"m"`
	T      Temp           `json:"temp"`
}
type Temp float64

func (t Temp) MarshalJSON() ([]byte, error) { return []byte(fmt.Sprintf(`"%.1fC"`, float64(t))), nil }
func (t *Temp) UnmarshalJSON(b []byte) error {
	_, err := fmt.Sscanf(strings.Trim(string(b), `"`), "%fC", (*float64)(t))
	return err
}
func (p *Person) Greet(g string, n int) string { return strings.Repeat(g+" "+p.Name+"! ", n) }
func (p Person) Older(by int) int              { return p.Age + by }
func (p Person) Fail() (string, error)         { return "", errors.New("failed") }

func main() {
	t := template.Must(template.New("x").Funcs(template.FuncMap{
		"up": strings.ToUpper,
		"add": func(a ...int) int {
			n := 0
			for _, x := range a {
				n += x
			}
			return n
		},
	}).Parse(`{{.Greet "Hi" 2}}|{{.Older 3}}|{{up .Name}}|{{add 1 2 .Age}}{{range $i, $t := .Tags}} {{$i}}={{$t | printf "%q"}}{{end}}{{with .Friend}} f={{.Name}}{{end}} {{len .Extra}} {{index .Extra "k"}} {{eq .Age 30}} {{and .Name 1}}
`))
	p := &Person{Name: "Ann", Age: 30, Tags: []string{"a", "b"}, Extra: map[string]any{"k": 1.5}, Friend: &Person{Name: "Bob"}, M: map[int]string{2: "b", 1: "a"}, T: 21.5}
	if err := t.Execute(os.Stdout, p); err != nil {
		fmt.Println(err)
	}
	err := template.Must(template.New("y").Parse("{{.Fail}}")).Execute(os.Stdout, p)
	fmt.Println(err)
	b, err := json.Marshal(p)
	fmt.Println(string(b), err)
	var q Person
	err = json.Unmarshal(b, &q)
	fmt.Println(err, q.Name, q.Age, q.Tags, q.Extra, q.Friend.Name, q.M, q.T, reflect.DeepEqual(*p, q))
	var any1 any
	fmt.Println(json.Unmarshal([]byte(`{"x":[1,"a",null,{"y":true}]}`), &any1), any1)
	fmt.Println(json.Unmarshal([]byte(`{"name":5}`), &q))
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetIndent("", "  ")
	enc.Encode(map[string]any{"z": 1, "a": []int{1, 2}, "p": struct{ X, y int }{1, 2}})
	fmt.Print(buf.String())
	s := []Person{{Name: "c", Age: 3}, {Name: "a", Age: 1}, {Name: "b", Age: 2}}
	sort.Slice(s, func(i, j int) bool { return s[i].Age < s[j].Age })
	fmt.Println(s[0].Name, s[1].Name, s[2].Name)
	for _, sl := range []any{[]string{"x", "y", "z"}, []int8{1, 2, 3}, []*int{nil, nil}, [][3]byte{{1}, {2}}, []any{1, "a"}, []float64{1, 2}} {
		sw := reflect.Swapper(sl)
		sw(0, 1)
		if reflect.TypeOf(sl).Elem().Kind() != reflect.Pointer {
			fmt.Println(sl)
		}
	}
	fmt.Println(reflect.DeepEqual(map[string][]int{"a": {1}}, map[string][]int{"a": {1}}), reflect.DeepEqual([]any{1, "a", nil}, []any{1, "a", nil}), reflect.DeepEqual(p, &q), reflect.DeepEqual(error(nil), nil))
	c1, c2 := make(chan int, 1), make(chan string, 1)
	cases := []reflect.SelectCase{
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(c1)},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(c2)},
		{Dir: reflect.SelectDefault},
	}
	i, _, _ := reflect.Select(cases)
	fmt.Println(i)
	c2 <- "got"
	i, r, ok := reflect.Select(cases)
	fmt.Println(i, r, ok)
	close(c1)
	i, r, ok = reflect.Select(cases)
	fmt.Println(i, r, ok)
	i, _, _ = reflect.Select([]reflect.SelectCase{{Dir: reflect.SelectSend, Chan: reflect.ValueOf(c2), Send: reflect.ValueOf("sent")}})
	fmt.Println(i, <-c2)
	done := make(chan bool)
	go func() {
		x, ok := reflect.ValueOf(c2).Recv()
		fmt.Println("goroutine", x, ok)
		done <- true
	}()
	reflect.ValueOf(c2).Send(reflect.ValueOf("hi"))
	<-done
	fmt.Println(reflect.ValueOf(c2).TrySend(reflect.ValueOf("1")), reflect.ValueOf(c2).TrySend(reflect.ValueOf("2")))
	fmt.Println(reflect.ValueOf(strings.ToUpper).Pointer() == reflect.ValueOf(strings.ToUpper).Pointer(), reflect.ValueOf(strings.ToUpper).Pointer() != 0)
	// a call that parks
	res := reflect.ValueOf(func(n int) int { time.Sleep(time.Millisecond); return n + 1 }).Call([]reflect.Value{reflect.ValueOf(41)})
	fmt.Println(res[0])
	f := reflect.MakeFunc(reflect.TypeOf(func(string) int { return 0 }), func(in []reflect.Value) []reflect.Value {
		go func() { time.Sleep(time.Millisecond); c2 <- in[0].String() }()
		<-c2
		return []reflect.Value{reflect.ValueOf(len(<-c2))}
	}).Interface().(func(string) int)
	fmt.Println(f("parked"))
	for x := range reflect.ValueOf(func(yield func(int) bool) { _ = yield(1) && yield(2) }).Seq() {
		fmt.Println(x)
	}
}
