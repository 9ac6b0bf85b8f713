// Package config is what the others depend on.
package config

import "example/init_order/util"

var Limit = util.Trace("config.Limit", double(base))

var base = util.Trace("config.base", 21)

func double(n int) int { return 2 * n }

func init() { util.Trace("config.init", Limit) }
