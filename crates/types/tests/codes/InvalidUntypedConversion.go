package p

var x = "abc"[nil /* ERROR "cannot convert nil to type int" */]
