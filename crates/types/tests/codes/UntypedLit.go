package p

var x = [...]int{{}}
var y = (map[string]int)({})
