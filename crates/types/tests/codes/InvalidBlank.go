package p

var x = _ /* ERROR "cannot use _ as value or type" */
