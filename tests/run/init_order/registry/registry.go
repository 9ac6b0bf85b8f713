// Package registry knows plugins by name.
package registry

import (
	"sort"

	"example/init_order/config"
	"example/init_order/util"
)

var plugins = make(map[string]int, config.Limit)

// Register is what plugins call while they are initialised.
func Register(name string) bool {
	plugins[name] = util.Trace("registry.Register "+name, len(plugins))
	return true
}

// Names of all plugins.
func Names() []string {
	var names []string
	for name := range plugins {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func init() { util.Trace("registry.init", len(plugins)) }
