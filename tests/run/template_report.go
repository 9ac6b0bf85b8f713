// Package text/template: pipelines, ranges, variables, nested templates, functions, and errors while executing.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/template"
)

type item struct {
	Name  string
	Count int
	Price float64
	Tags  []string
}

func (i item) Total() float64                { return float64(i.Count) * i.Price }
func (i *item) Discount(percent int) float64 { return i.Total() * float64(100-percent) / 100 }
func (i item) Fail() (string, error)         { return "", errors.New("failing for " + i.Name) }

type order struct {
	ID    int
	Items []*item
	Notes map[string]string
	Extra any
	Each  func(yield func(string) bool)
}

const page = `{{- /* the whole report */ -}}
{{define "line"}}{{printf "%-8s" .Name}} {{.Count | printf "%3d"}} x {{printf "%7.2f" .Price}} = {{.Total | printf "%8.2f"}}{{end -}}
Order #{{.ID}}{{with .Extra}} for {{.}}{{else}} (nobody){{end}}
{{range $i, $item := .Items -}}
{{add $i 1}}. {{template "line" $item}}{{if gt .Count 10}} bulk, {{.Discount 15}}{{else if eq .Count 0}} none{{end}}
{{- range .Tags}} #{{.}}{{else}} untagged{{end}}
{{end -}}
{{range $key, $value := .Notes}}{{$key}}={{$value | quote}};{{end}}
{{block "footer" .}}Items: {{len .Items}}, first {{(index .Items 0).Name}}{{end}}
{{$sum := 0.0}}{{range .Items}}{{$sum = addf $sum .Total}}{{end}}Sum {{printf "%.2f" $sum}}
{{range 3}}{{.}} {{end}}{{range .Each}}<{{.}}>{{break}}{{end}}
`

var functions = template.FuncMap{
	"add":   func(a, b int) int { return a + b },
	"addf":  func(a, b float64) float64 { return a + b },
	"quote": func(s string) string { return "'" + s + "'" },
	"join":  func(sep string, list []string) string { return strings.Join(list, sep) },
	"boom":  func() string { panic("function panics") },
}

func report() *template.Template {
	t := template.Must(template.New("page").Funcs(functions).Parse(page))
	data := order{
		ID: 7,
		Items: []*item{
			{"bolt", 100, 0.25, []string{"steel", "m4"}}, {"hammer", 1, 19.9, nil}, {"glue", 0, 4.5, []string{"new"}},
		},
		Notes: map[string]string{"ship": "by sea", "gift": "no"},
		Each: func(yield func(string) bool) {
			_ = yield("one") && yield("two")
		},
	}
	if err := t.Execute(os.Stdout, data); err != nil {
		fmt.Println(err)
	}
	override := template.Must(template.Must(t.Clone()).Parse(`{{define "footer"}}-- {{.ID}} --{{end}}`))
	data.Extra = "Ann"
	if err := override.ExecuteTemplate(os.Stdout, "footer", data); err != nil {
		fmt.Println(err)
	}
	fmt.Println(len(t.DefinedTemplates()), t.Lookup("nothing") == nil)
	return t
}

func snippets() {
	data := map[string]any{
		"list": []int{3, 1, 2}, "m": map[string]int{"b": 2, "a": 1}, "s": "te<x>t", "nil": nil, "n": -7, "t": true,
		"f": func(n int) int { return n * n }, "words": []string{"x", "y"}, "item": item{Name: "it"}, "b": []byte("bytes"),
	}
	for _, text := range []string{
		`{{index .list 1}} {{slice .list 1 3}} {{len .s}} {{index .m "b"}} {{.m.a}} {{.m.zzz}}`,
		`{{html .s}} {{js .s}} {{urlquery .s}} {{print 1 "a" 2 3}} {{println .n}}`,
		`{{and .t 0 .x}} {{or 0 "" .n}} {{not .nil}} {{eq .n 1 -7}} {{lt 1.5 2.5}} {{ne "a" "b"}} {{ge 3 3}}`,
		`{{call .f 9}} {{.words | join "+"}} {{"a\tb" | printf "%q"}} {{0x10}} {{1e3}} {{'x'}} {{1i}} {{printf "%T" .b}}`,
		`a {{- " b " -}} c {{/* gone */}} {{"{{"}} {{with $x := 5}}{{$x}}{{end}}`,
		`{{range $i, $e := .list}}{{if $i}},{{end}}{{if eq $e 1}}{{continue}}{{end}}{{$e}}{{end}}`,
		`{{.item.Fail}}`, `{{.s.Missing}}`, `{{index .list 9}}`, `{{template "absent"}}`, `{{boom}}`, `{{.n.X.Y}}`, `{{call .s}}`, `{{lt "a" 1}}`,
	} {
		t, err := template.New("t").Funcs(functions).Parse(text)
		if err != nil {
			fmt.Println("parse:", err)
			continue
		}
		var out strings.Builder
		err = t.Execute(&out, data)
		fmt.Printf("%s | %v\n", strings.TrimSpace(out.String()), err)
	}
	for _, bad := range []string{`{{`, `{{if}}{{end}}`, `{{range .x}}`, `{{nofunc 1}}`, `{{end}}`, `{{.x | 3}}`, `{{"unterminated}}`, `{{$undefined}}`} {
		_, err := template.New("bad").Parse(bad)
		fmt.Println(err)
	}
	strict := template.Must(template.New("strict").Option("missingkey=error").Delims("<<", ">>").Parse("<<.absent>>"))
	fmt.Println(strict.Execute(io.Discard, data))
}

func main() {
	report()
	snippets()
}
