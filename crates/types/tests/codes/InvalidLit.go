package p

var x = int /* ERROR "invalid composite literal type int" */{}
