// Go in Go: a source parsed, walked, type-checked, rewritten and printed by go/parser, go/ast, go/types, go/format.
package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/constant"
	"go/format"
	"go/importer"
	"go/parser"
	"go/printer"
	"go/scanner"
	"go/token"
	"go/types"
	"os"
	"slices"
	"strings"
)

const source = `// Package shapes has shapes.
package shapes

import "unsafe"

// Pi is close enough.
const Pi, Two = 3.14159, 1 << 1

type Shape interface { Area() float64; comparable }

type Rect[T ~int|~float64] struct { W, H T ` + "`unit:\"m\"`" + ` }

// Area multiplies.
func (r Rect[T]) Area() float64 {
	if r.W<0 { return 0 }
	for i:=range 3 { _ = i }
	switch x := any(r.W).(type) { case int: return float64(x)*float64(r.H)
	default: }
	return float64(r.W*r.H) // product
}

var size = unsafe.Sizeof(Rect[int]{})
var sum = func(xs ...int) (s int) { for _, x := range xs { s += x }; return }(1,2,3)
`

func walk(fset *token.FileSet, file *ast.File) {
	depth, deepest, counts := 0, 0, map[string]int{}
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil {
			depth--
			return false
		}
		depth++
		deepest = max(deepest, depth)
		counts[strings.TrimPrefix(fmt.Sprintf("%T", n), "*ast.")]++
		return true
	})
	var names []string
	for name, count := range counts {
		names = append(names, fmt.Sprint(name, ":", count))
	}
	slices.Sort(names)
	fmt.Println(deepest, names)
	for _, declaration := range file.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			fmt.Printf("%v func %s %q\n", fset.Position(d.Pos()), d.Name.Name, strings.TrimSpace(d.Doc.Text()))
		case *ast.GenDecl:
			fmt.Println(fset.Position(d.Pos()), d.Tok, len(d.Specs), d.Doc.Text() != "")
		}
	}
}

func check(fset *token.FileSet, file *ast.File) {
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: importer.Default(), Error: func(err error) { fmt.Println("type error:", err) }}
	pkg, err := config.Check("shapes", fset, []*ast.File{file}, info)
	fmt.Println(pkg, err)
	scope := pkg.Scope()
	for _, name := range scope.Names() {
		object := scope.Lookup(name)
		fmt.Println(object, object.Exported())
		if c, ok := object.(*types.Const); ok {
			fmt.Println("  value", c.Val(), c.Val().Kind() == constant.Float)
		}
	}
	rect := scope.Lookup("Rect").Type().(*types.Named)
	instance, err := types.Instantiate(nil, rect, []types.Type{types.Typ[types.Int]}, true)
	_, bad := types.Instantiate(nil, rect, []types.Type{types.Typ[types.String]}, true)
	fmt.Println(instance, err, bad, types.NewMethodSet(instance).Len(), instance.Underlying())
	value, err := types.Eval(fset, pkg, token.NoPos, "Pi*Two + 1")
	fmt.Println(value.Value, value.Type, err)
	bound, _ := parser.ParseFile(fset, "bad.go", "package bad\nfunc f() int { var x string = 1; y() }\n", 0)
	config.Check("bad", fset, []*ast.File{bound}, nil)
}

func rewrite(fset *token.FileSet, file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			if n.Name == "Rect" {
				n.Name = "Box"
			}
		case *ast.BinaryExpr:
			if n.Op == token.MUL {
				n.X, n.Y = n.Y, n.X
			}
		}
		return true
	})
	var out bytes.Buffer
	if err := format.Node(&out, fset, file); err != nil {
		fmt.Println(err)
	}
	fmt.Print(out.String())
	again, err := format.Source(out.Bytes())
	fmt.Println(bytes.Equal(again, out.Bytes()), err)
	config := printer.Config{Mode: printer.UseSpaces, Tabwidth: 2}
	config.Fprint(os.Stdout, fset, file.Decls[len(file.Decls)-1])
	fmt.Println()
}

func errors() {
	for _, text := range []string{"package p; func f( {", "package p\nvar x = 08\n", "not go", "package p\nfunc f() { a b }\ntype T struct { a, }\nvar c = 'ab'\n"} {
		_, err := parser.ParseFile(token.NewFileSet(), "x.go", text, parser.AllErrors)
		if list, ok := err.(scanner.ErrorList); ok {
			for _, e := range list {
				fmt.Println(e)
			}
		}
	}
	expression, err := parser.ParseExpr("f(a+b*c, []int{1:2}[0], func() {})")
	fmt.Println(types.ExprString(expression), err)
	pretty, err := format.Source([]byte("x:=1;if x>0{y()}"))
	fmt.Printf("%q %v\n", pretty, err)
	fmt.Println(constant.BinaryOp(constant.MakeInt64(1<<62), token.MUL, constant.MakeInt64(1<<62)), token.Lookup("func").IsKeyword(), token.SHL.Precedence())
}

func main() {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "shapes.go", source, parser.ParseComments)
	if err != nil {
		fmt.Println(err)
		return
	}
	walk(fset, file)
	check(fset, file)
	rewrite(fset, file)
	errors()
}
