package p

var x = y /* ERROR "undefined: y" */
