// Package alpha registers itself.
package alpha

import "example/init_order/registry"

var _ = registry.Register("alpha")

func init() { registry.Register("alpha, in init") }
