package p

var x interface /* ERROR "cannot use type interface{~int} outside a type constraint: interface contains type constraints" */{ ~int }
