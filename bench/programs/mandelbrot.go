// The Mandelbrot set as a bitmap: a tight loop of floating point with an early way out, and bits.
package main

import "fmt"

const (
	width      = 1800
	height     = 1400
	iterations = 200
)

func inside(cr, ci float64) bool {
	var r, i, rr, ii float64
	for range iterations {
		i = 2*r*i + ci
		r = rr - ii + cr
		rr, ii = r*r, i*i
		if rr+ii > 4 {
			return false
		}
	}
	return true
}

func main() {
	count := 0
	checksum := uint32(2166136261)
	for y := range height {
		var bits byte
		for x := range width {
			bits <<= 1
			if inside(float64(x)*3/width-2.1, float64(y)*2.4/height-1.2) {
				bits |= 1
				count++
			}
			if x%8 == 7 {
				checksum = (checksum ^ uint32(bits)) * 16777619
			}
		}
	}
	fmt.Println(count, checksum)
}
