// Text: splitting, joining, searching, replacing, changing case, numbers to text and back.
package main

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const rounds = 60

var words = strings.Fields(`the quick brown fox jumps over the lazy dog while fünf große Äpfel rollen über die Straße and
	nobody counts how many of 人々 still remember the 17 old songs which 3 travellers brought from far away`)

func text(seed uint32) string {
	var b strings.Builder
	for b.Len() < 60_000 {
		seed = seed*1664525 + 1013904223
		b.WriteString(words[seed>>8%32%uint32(len(words))])
		switch seed >> 28 {
		case 0:
			b.WriteString(".\n")
		case 1:
			b.WriteByte(',')
			b.WriteString(strconv.Itoa(int(seed >> 12)))
			b.WriteByte(' ')
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

func main() {
	hash := fnv.New64a()
	total := 0
	for round := range uint32(rounds) {
		s := text(round)
		for _, line := range strings.Split(s, "\n") {
			fields := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == ',' })
			for i, field := range fields {
				if n, err := strconv.Atoi(field); err == nil {
					total += n % 1000
				} else if i%2 == 0 {
					fields[i] = strings.ToUpper(field)
				}
			}
			hash.Write([]byte(strings.Join(fields, "_")))
		}
		s = strings.NewReplacer("the", "THE", "fox", "wolf", "über", "unter").Replace(s)
		total += strings.Count(s, "wolf") + strings.LastIndex(s, "lazy") + strings.Index(s, "nowhere")
		letters := 0
		for _, r := range s {
			if unicode.IsLetter(r) {
				letters++
			}
		}
		reversed := make([]byte, 0, len(s))
		for rest := s; rest != ""; {
			r, size := utf8.DecodeLastRuneInString(rest)
			reversed = utf8.AppendRune(reversed, r)
			rest = rest[:len(rest)-size]
		}
		total += letters + bytes.Count(reversed, []byte("eht"))
		concatenated := ""
		for i := range 300 {
			concatenated += string(rune('a' + i%26))
		}
		hash.Write([]byte(concatenated))
	}
	fmt.Println(total, hash.Sum64())
}
