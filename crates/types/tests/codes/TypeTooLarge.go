package p

var x /* ERROR "type [1125899906842624]byte larger than address space" */ [1 << 50]byte
var c /* ERROR "channel element type too large (>64kB)" */ chan [1 << 16]byte
