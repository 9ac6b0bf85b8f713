// Runes, encodings and classes: a census of a text in several scripts, and broken encodings.
package main

import (
	"fmt"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

const text = "Größe 12½ — Ωμέγα, Привет! 日本語テキスト שלום 𝔘𝔫𝔦 e\u0301 ǅ Ⅷ 😀\u200b\t\u00a0."

var classes = []struct {
	name string
	is   func(rune) bool
}{
	{"letter", unicode.IsLetter}, {"upper", unicode.IsUpper}, {"lower", unicode.IsLower}, {"title", unicode.IsTitle},
	{"digit", unicode.IsDigit}, {"number", unicode.IsNumber}, {"space", unicode.IsSpace}, {"punct", unicode.IsPunct},
	{"symbol", unicode.IsSymbol}, {"mark", unicode.IsMark}, {"control", unicode.IsControl},
	{"print", unicode.IsPrint}, {"graphic", unicode.IsGraphic},
	{"greek", func(r rune) bool { return unicode.Is(unicode.Greek, r) }},
	{"han or kana", func(r rune) bool { return unicode.In(r, unicode.Han, unicode.Katakana, unicode.Hiragana) }},
	{"hebrew", func(r rune) bool { return unicode.Is(unicode.Scripts["Hebrew"], r) }},
}

func census() {
	for _, class := range classes {
		var found []rune
		for _, r := range text {
			if class.is(r) {
				found = append(found, r)
			}
		}
		fmt.Printf("%-12s %2d %+q\n", class.name, len(found), string(found))
	}
}

func folding() {
	for _, r := range "aßǆΣſKİıé𝔘" {
		fmt.Printf("%U %U %U %U fold", r, unicode.ToUpper(r), unicode.ToLower(r), unicode.ToTitle(r))
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			fmt.Printf(" %U", next)
		}
		fmt.Println()
	}
	fmt.Println(string(unicode.TurkishCase.ToUpper('i')), string(unicode.TurkishCase.ToLower('I')), string(unicode.To(unicode.TitleCase, 'ǆ')))
}

func encodings() {
	for _, r := range []rune{'a', 'é', '→', '😀', utf8.RuneError, -1, 0xd800, unicode.MaxRune + 1} {
		buffer := utf8.AppendRune(nil, r)
		back, size := utf8.DecodeRune(buffer)
		fmt.Printf("%#x % x %U %d %v %d\n", r, buffer, back, size, utf8.ValidRune(r), utf8.RuneLen(r))
	}
	for _, s := range []string{"ok", "\xff", "a\xc3", "\xe2\x82", "\xed\xa0\x80", "\xf0\x9f\x98\x80", "\xc0\x80", "é\x80é"} {
		first, size := utf8.DecodeRuneInString(s)
		last, lastSize := utf8.DecodeLastRuneInString(s)
		fmt.Printf("%+q valid=%v runes=%d first=%U/%d last=%U/%d full=%v\n", s, utf8.ValidString(s), utf8.RuneCountInString(s), first, size, last, lastSize, utf8.FullRuneInString(s))
	}
	units := utf16.Encode([]rune("a😀é"))
	high, low := utf16.EncodeRune('😀')
	fmt.Printf("%04x %s %04x %04x %v\n", units, string(utf16.Decode(units)), high, low, utf16.IsSurrogate(high))
	fmt.Printf("%U %U %d\n", utf16.Decode([]uint16{0xd83d, 'x', 0xde00}), utf16.DecodeRune('a', 'b'), utf16.RuneLen('😀'))
}

func conversions() {
	s := "a\xffé"
	for i, r := range s {
		fmt.Print(i, ":", r, " ")
	}
	runes := []rune(s)
	fmt.Println(len(s), len(runes), string(runes), string(runes) == s)
	bytes := []byte(s)
	bytes[0] = 'z'
	fmt.Printf("%q %q %q\n", s, bytes, string(rune(0x10ffff+1)))
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if size == 4 {
			fmt.Printf("%d:%c ", i, r)
		}
		i += size
	}
	fmt.Println(utf8.RuneCountInString(text), len(text))
}

func main() {
	census()
	folding()
	encodings()
	conversions()
	for _, name := range []string{"Lu", "Nd", "Sm"} {
		table := unicode.Categories[name]
		fmt.Println(name, len(table.R16) > 0, len(table.R32) > 0, table.LatinOffset)
	}
}
