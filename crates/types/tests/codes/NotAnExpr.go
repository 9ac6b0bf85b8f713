package p

var x = int /* ERROR "int (type) is not an expression" */
