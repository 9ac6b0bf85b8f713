package p

var x = len /* ERROR "len (built-in) must be called" */
