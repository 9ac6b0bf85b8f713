package p

type A /* ERROR "type [1125899906842624]byte larger than address space" */ [1 << 50]byte

var (
	a /* ERROR "channel element type too large (>64kB)" */ chan [1 << 16]byte
	b /* ERROR "channel element type too large (>64kB)" */ map[string]chan [1 << 17]byte
	c /* ERROR "type [562949953421312][2]byte larger than address space" */ [1 << 49][2]byte
	d /* ERROR "channel element type too large (>64kB)" */ chan [1 << 16]byte
	e /* ERROR "channel element type too large (>64kB)" */ *struct{ f []chan [1 << 16]int }
	g [1 << 49]byte
)

func f /* ERROR "channel element type too large (>64kB)" */(chan [1 << 18]byte) {}
