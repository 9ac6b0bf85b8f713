package main

import "example/init_order/util"

var late = util.Trace("main.late (second file)", early)

var early = util.Trace("main.early", 5)

func generic[T any]() string {
	var zero T
	if _, ok := any(zero).(string); ok {
		return "string"
	}
	return "other"
}

func init() { util.Trace("main.init of second file", 0) }
