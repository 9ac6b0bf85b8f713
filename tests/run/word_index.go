//run:args -min 3 -width 44

// A command-line tool: an index of words with lines, a concordance, a Huffman code, and a game of life over the letters.
package main

import (
	"bufio"
	"cmp"
	"container/heap"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode"
)

type index map[string][]int

func build(r io.Reader) (index, []string, error) {
	words, lines := index{}, []string{}
	scanner := bufio.NewScanner(r)
	for scanner.Scan() {
		lines = append(lines, scanner.Text())
		for _, word := range strings.FieldsFunc(scanner.Text(), func(r rune) bool { return !unicode.IsLetter(r) }) {
			key := strings.ToLower(word)
			if last := words[key]; len(last) == 0 || last[len(last)-1] != len(lines) {
				words[key] = append(last, len(lines))
			}
		}
	}
	return words, lines, scanner.Err()
}

func concordance(lines []string, word string, width int) {
	for number, line := range lines {
		for at := 0; ; {
			found := strings.Index(line[at:], word)
			if found < 0 {
				break
			}
			at += found
			before, after := line[:at], line[at+len(word):]
			room := (width - len(word)) / 2
			if len(before) > room {
				before = "…" + before[len(before)-room+1:]
			}
			if len(after) > room {
				after = after[:room-1] + "…"
			}
			fmt.Printf("%2d %*s[%s]%s\n", number+1, room, before, word, after)
			at += len(word)
		}
	}
}

type huffman struct {
	letter      rune
	weight      int
	left, right *huffman
}

type forest []*huffman

func (f forest) Len() int { return len(f) }
func (f forest) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(f[i].weight, f[j].weight), cmp.Compare(f[i].letter, f[j].letter)) < 0
}
func (f forest) Swap(i, j int) { f[i], f[j] = f[j], f[i] }
func (f *forest) Push(x any)   { *f = append(*f, x.(*huffman)) }
func (f *forest) Pop() any {
	last := (*f)[len(*f)-1]
	*f = (*f)[:len(*f)-1]
	return last
}

func (h *huffman) codes(prefix string, table map[rune]string) map[rune]string {
	if h.left == nil {
		table[h.letter] = prefix
	} else {
		h.left.codes(prefix+"0", table)
		h.right.codes(prefix+"1", table)
	}
	return table
}

func encode(text string) (bits string, tree *huffman) {
	weights := map[rune]int{}
	for _, r := range text {
		weights[r]++
	}
	trees := &forest{}
	for _, letter := range slices.Sorted(maps.Keys(weights)) {
		heap.Push(trees, &huffman{letter: letter, weight: weights[letter]})
	}
	for trees.Len() > 1 {
		a, b := heap.Pop(trees).(*huffman), heap.Pop(trees).(*huffman)
		heap.Push(trees, &huffman{min(a.letter, b.letter), a.weight + b.weight, a, b})
	}
	tree = (*trees)[0]
	table := tree.codes("", map[rune]string{})
	var out strings.Builder
	for _, r := range text {
		out.WriteString(table[r])
	}
	return out.String(), tree
}

func (h *huffman) decode(bits string) string {
	var out strings.Builder
	at := h
	for _, bit := range bits {
		if bit == '0' {
			at = at.left
		} else {
			at = at.right
		}
		if at.left == nil {
			out.WriteRune(at.letter)
			at = h
		}
	}
	return out.String()
}

func life(lines []string, generations int) {
	width, height := 16, 8
	alive := map[[2]int]bool{}
	for y, line := range lines {
		for x, r := range line {
			if strings.ContainsRune("aeiou", unicode.ToLower(r)) {
				alive[[2]int{x % width, y % height}] = true
			}
		}
	}
	for range generations {
		neighbours := map[[2]int]int{}
		for cell := range alive {
			for dy := -1; dy <= 1; dy++ {
				for dx := -1; dx <= 1; dx++ {
					if dx != 0 || dy != 0 {
						neighbours[[2]int{(cell[0] + dx + width) % width, (cell[1] + dy + height) % height}]++
					}
				}
			}
		}
		next := map[[2]int]bool{}
		for cell, n := range neighbours {
			if n == 3 || n == 2 && alive[cell] {
				next[cell] = true
			}
		}
		alive = next
	}
	for y := range height {
		for x := range width {
			fmt.Print(map[bool]string{true: "#", false: "."}[alive[[2]int{x, y}]])
		}
		fmt.Println()
	}
}

func main() {
	least := flag.Int("min", 1, "lines a word must be in")
	width := flag.Int("width", 60, "of a line")
	flag.Parse()
	words, lines, err := build(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 8, 2, '.', tabwriter.AlignRight|tabwriter.Debug)
	for _, word := range slices.SortedFunc(maps.Keys(words), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(words[b]), len(words[a])), strings.Compare(a, b))
	}) {
		if len(words[word]) >= *least {
			fmt.Fprintf(table, "%s\t%d\t%v\t\n", word, len(words[word]), words[word])
		}
	}
	table.Flush()
	concordance(lines, "age", *width)
	text := strings.Join(lines, " ")
	bits, tree := encode(text)
	fmt.Println(len(text)*8, len(bits), bits[:40], tree.decode(bits) == text)
	life(lines, 12)
}
