// Matrices: products of floating point and of integers, an LU decomposition, slices of slices.
package main

import "fmt"

const size = 320

type number interface{ ~int32 | ~float64 }

func filled[T number](seed uint32) [][]T {
	rows := make([][]T, size)
	for i := range rows {
		rows[i] = make([]T, size)
		for j := range rows[i] {
			seed = seed*1664525 + 1013904223
			rows[i][j] = T(int32(seed>>16)%1000) / 8
		}
	}
	return rows
}

func multiply[T number](a, b [][]T) [][]T {
	product := make([][]T, len(a))
	for i, row := range a {
		out := make([]T, len(b[0]))
		for k, factor := range row {
			for j, value := range b[k] {
				out[j] += factor * value
			}
		}
		product[i] = out
	}
	return product
}

// decompose leaves L below the diagonal and U above it, and tells the product of the signs of the diagonal.
func decompose(m [][]float64) int {
	sign := 1
	for k := range m {
		pivot := k
		for i := k + 1; i < len(m); i++ {
			if abs(m[i][k]) > abs(m[pivot][k]) {
				pivot = i
			}
		}
		if pivot != k {
			m[pivot], m[k] = m[k], m[pivot]
			sign = -sign
		}
		if m[k][k] < 0 {
			sign = -sign
		}
		for i := k + 1; i < len(m); i++ {
			factor := m[i][k] / m[k][k]
			m[i][k] = factor
			for j := k + 1; j < len(m); j++ {
				m[i][j] -= factor * m[k][j]
			}
		}
	}
	return sign
}

func abs(x float64) float64 {
	if x < 0 {
		return -x
	}
	return x
}

func trace[T number](m [][]T) T {
	var sum T
	for i := range m {
		sum += m[i][i]
	}
	return sum
}

func main() {
	floats := multiply(filled[float64](1), filled[float64](2))
	floats = multiply(floats, filled[float64](3))
	ints := multiply(filled[int32](4), filled[int32](5))
	ints = multiply(ints, ints)
	sign := 0
	for seed := range uint32(6) {
		sign += decompose(filled[float64](seed + 7))
	}
	fmt.Println(int64(trace(floats)), trace(ints), sign)
}
