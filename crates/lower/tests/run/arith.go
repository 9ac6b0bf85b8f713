// Integer arithmetic wraps, shifts saturate, division truncates.
//
// run: add8(200, 100) = 44
// run: sub8(-128, 1) = 127
// run: div(-7, 2) = -3
// run: div(-9223372036854775808, -1) = -9223372036854775808
// run: rem(-7, 2) = -1
// run: rem(-9223372036854775808, -1) = 0
// run: shl(1, 70) = 0
// run: shr(-8, 70) = -1
// run: narrow(300) = 44
// run: widen(-1) = 4294967295
// run: xor8(5) = 250
package main

func add8(x, y uint8) uint8    { return x + y }
func sub8(x, y int8) int8      { return x - y }
func div(x, y int) int         { return x / y }
func rem(x, y int) int         { return x % y }
func shl(x int, n uint) int    { return x << n }
func shr(x int, n uint) int    { return x >> n }
func narrow(x int) uint8       { return uint8(x) }
func widen(x int32) uint64     { return uint64(uint32(x)) }
func xor8(x uint8) uint8       { return ^x }
func main()                    {}
