// Pancakes: permutations of a small array, with indices that a compiler cannot foresee.
package main

import "fmt"

const pancakes = 10

func flips(first []int) (most, checksum int) {
	permutation := make([]int, pancakes)
	scratch := make([]int, pancakes)
	count := make([]int, pancakes)
	copy(permutation, first)
	for index, left := 0, pancakes; ; index++ {
		for ; left != 1; left-- {
			count[left-1] = left
		}
		copy(scratch, permutation)
		n := 0
		for k := scratch[0]; k != 0; k = scratch[0] {
			for i, j := 0, k; i < j; i, j = i+1, j-1 {
				scratch[i], scratch[j] = scratch[j], scratch[i]
			}
			n++
		}
		most = max(most, n)
		if index%2 == 0 {
			checksum += n
		} else {
			checksum -= n
		}
		for {
			if left == pancakes {
				return most, checksum
			}
			lowest := permutation[0]
			copy(permutation, permutation[1:left+1])
			permutation[left] = lowest
			count[left]--
			if count[left] > 0 {
				break
			}
			left++
		}
	}
}

func main() {
	first := make([]int, pancakes)
	for i := range first {
		first[i] = i
	}
	fmt.Println(flips(first))
}
