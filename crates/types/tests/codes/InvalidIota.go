package p

var x = iota /* ERROR "cannot use iota outside constant declaration" */
