package p

var x = nil /* ERROR "use of untyped nil in variable declaration" */
