// The spectral norm of an endless matrix: floating point, slices, calls of small functions.
package main

import (
	"fmt"
	"math"
)

const size = 2000

func element(i, j int) float64 {
	return 1 / float64((i+j)*(i+j+1)/2+i+1)
}

func times(v, out []float64) {
	for i := range out {
		sum := 0.0
		for j := range v {
			sum += element(i, j) * v[j]
		}
		out[i] = sum
	}
}

func transposedTimes(v, out []float64) {
	for i := range out {
		sum := 0.0
		for j := range v {
			sum += element(j, i) * v[j]
		}
		out[i] = sum
	}
}

func main() {
	u, v, between := make([]float64, size), make([]float64, size), make([]float64, size)
	for i := range u {
		u[i] = 1
	}
	for range 20 {
		times(u, between)
		transposedTimes(between, v)
		times(v, between)
		transposedTimes(between, u)
	}
	var uv, vv float64
	for i := range u {
		uv += u[i] * v[i]
		vv += v[i] * v[i]
	}
	fmt.Printf("%.9f\n", math.Sqrt(uv/vv))
}
