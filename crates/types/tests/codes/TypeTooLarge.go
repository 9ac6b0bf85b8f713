package p

var x [1 << 50]byte
var c chan [1 << 16]byte
