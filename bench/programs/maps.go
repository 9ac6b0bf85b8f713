// Maps: keys that are integers, strings and structures; growth, deletion, iteration.
package main

import "fmt"

type point struct{ x, y int32 }

func main() {
	seed := uint64(88172645463325252)
	random := func() uint64 {
		seed ^= seed << 13
		seed ^= seed >> 7
		seed ^= seed << 17
		return seed
	}
	checksum := uint64(0)

	counts := map[int]int{}
	for range 3_000_000 {
		counts[int(random()%60_000)]++
	}
	for key, count := range counts {
		checksum += uint64(key * count)
	}

	names := make([]string, 40_000)
	for i := range names {
		names[i] = fmt.Sprintf("key-%d-%d", i%977, random()%100_000)
	}
	ids := map[string]int{}
	for round := range 30 {
		for i, name := range names {
			if id, ok := ids[name]; ok {
				checksum += uint64(id)
				if (i+round)%5 == 0 {
					delete(ids, name)
				}
			} else {
				ids[name] = i
			}
		}
	}
	checksum += uint64(len(ids))

	// Life on an endless board.
	alive := map[point]bool{}
	for _, cell := range []point{{1, 0}, {2, 0}, {0, 1}, {1, 1}, {1, 2}} {
		alive[cell] = true
	}
	for range 110 {
		neighbours := map[point]int{}
		for cell := range alive {
			for dx := int32(-1); dx <= 1; dx++ {
				for dy := int32(-1); dy <= 1; dy++ {
					if dx != 0 || dy != 0 {
						neighbours[point{cell.x + dx, cell.y + dy}]++
					}
				}
			}
		}
		next := make(map[point]bool, len(alive))
		for cell, count := range neighbours {
			if count == 3 || count == 2 && alive[cell] {
				next[cell] = true
			}
		}
		alive = next
	}
	for cell := range alive {
		checksum += uint64(cell.x*31+cell.y) & 0xffff
	}
	fmt.Println(checksum, len(alive))
}
