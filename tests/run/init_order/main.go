// Initialisation across packages and variables: by dependency, then by order in the files as their names sort.
package main

import (
	"fmt"

	"example/init_order/plugins/beta"
	"example/init_order/registry"
	"example/init_order/util"

	_ "example/init_order/plugins/alpha"
)

var (
	a = util.Trace("main.a", b+c)
	b = util.Trace("main.b", f())
	c = util.Trace("main.c", 1)
	d = 3
)

func f() int {
	d++
	return d
}

var x, y = pair()

func pair() (int, int) { return util.Trace("main.x,y", z), late }

var z = func() int { return util.Trace("main.z", late) }()

var _ = util.Trace("main.blank", 0)

var pointer = &table

var table = map[string]int{"k": util.Trace("main.table", len(beta.Name))}

func init() {
	util.Trace("main.init 1", a)
	table["init"] = 1
}

func init() {
	defer func() { util.Trace(fmt.Sprint("recovered ", recover()), 0) }()
	util.Trace("main.init 2", x+y)
	panic("in init")
}

type method struct{}

func (method) depends() int { return viaMethod }

var usesMethod = util.Trace("main.usesMethod", method{}.depends())
var viaMethod = util.Trace("main.viaMethod", 12)

func main() {
	fmt.Println(registry.Names(), len(*pointer), a, b, c, d, x, y, z)
	fmt.Println(generic[int](), generic[string](), usesMethod)
	for i, line := range util.Lines() {
		fmt.Println(i, line)
	}
}
