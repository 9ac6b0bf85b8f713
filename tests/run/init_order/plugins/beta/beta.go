// Package beta registers itself by way of a function.
package beta

import "example/init_order/registry"

// Name is constant data.
var Name = "beta"

var registered = start()

func start() bool {
	defer registry.Register("deferred " + Name)
	return registry.Register(Name)
}
