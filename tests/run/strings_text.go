// Package strings over a small text: searching, splitting, mapping, building, replacing.
package main

import (
	"fmt"
	"strings"
	"unicode"
)

const poem = `The sea is calm to-night.
The tide is full, the moon lies fair
Upon the straits; on the French coast the light
Gleams and is gone; the cliffs of England stand,
Glimmering and vast, out in the tranquil bay.`

func wrap(text string, width int) []string {
	var lines []string
	var line strings.Builder
	for word := range strings.FieldsSeq(text) {
		if line.Len() > 0 && line.Len()+1+len(word) > width {
			lines = append(lines, line.String())
			line.Reset()
		}
		if line.Len() > 0 {
			line.WriteByte(' ')
		}
		line.WriteString(word)
	}
	return append(lines, line.String())
}

func caesar(shift rune) func(rune) rune {
	return func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z':
			return 'a' + (r-'a'+shift+26)%26
		case 'A' <= r && r <= 'Z':
			return 'A' + (r-'A'+shift+26)%26
		case r == '-':
			return -1
		}
		return r
	}
}

func main() {
	for i, line := range wrap(poem, 30) {
		fmt.Printf("%2d %-30s|\n", i, line)
	}
	fmt.Println(strings.Count(poem, "the"), strings.Count("cheese", ""), strings.Index(poem, "moon"), strings.LastIndex(poem, "the"))
	fmt.Println(strings.IndexAny(poem, ";,"), strings.LastIndexAny(poem, ";,"), strings.IndexByte(poem, 'U'), strings.IndexRune("chicken→egg", '→'))
	fmt.Println(strings.IndexFunc("abc123", unicode.IsDigit), strings.LastIndexFunc("abc123x", unicode.IsDigit), strings.Index("a", "abc"))
	fmt.Println(strings.Contains(poem, "cliffs"), strings.ContainsAny("x", ""), strings.ContainsRune("añb", 'ñ'), strings.ContainsFunc("abc", unicode.IsUpper))
	secret := strings.Map(caesar(3), "Hello to-day, World")
	fmt.Println(secret, strings.Map(caesar(-3), secret))
	fmt.Printf("%q %q\n", strings.Split("a,b,,c,", ","), strings.SplitN("a,b,c,d", ",", 2))
	fmt.Printf("%q %q %q\n", strings.SplitAfter("a.b.c", "."), strings.SplitAfterN("a.b.c", ".", 2), strings.Split("añc", ""))
	fmt.Printf("%q %q\n", strings.Fields("  foo\tbar\n baz  "), strings.FieldsFunc("a1b22c", unicode.IsDigit))
	fmt.Printf("%q %q %q %q\n", strings.Trim("--x--", "-"), strings.TrimLeft("xxabc", "x"), strings.TrimRight("abcxx", "xc"), strings.TrimSpace("\t a b \r\n"))
	fmt.Printf("%q %q %q\n", strings.TrimPrefix("prefix-body", "prefix-"), strings.TrimSuffix("body.go", ".go"), strings.TrimFunc("12ab34", unicode.IsDigit))
	before, after, found := strings.Cut("key=value=more", "=")
	rest, hadPrefix := strings.CutPrefix("gopher", "go")
	stem, hadSuffix := strings.CutSuffix("gopher", "xx")
	fmt.Println(before, after, found, rest, hadPrefix, stem, hadSuffix)
	fmt.Println(strings.Replace("oink oink oink", "k", "ky", 2), strings.ReplaceAll("oink oink", "oink", "moo"), strings.Replace("ab", "", "-", -1))
	html := strings.NewReplacer("<", "&lt;", ">", "&gt;", "&", "&amp;")
	fmt.Println(html.Replace("<a> & <b>"), strings.NewReplacer("aaa", "3", "aa", "2", "a", "1", "i", "!").Replace("aaaaaixa"))
	fmt.Println(strings.ToUpper("straße ǆ"), strings.ToLower("ÀÉÎ İ"), strings.ToTitle("ǆ loud"), strings.EqualFold("Straße", "STRASSE"), strings.EqualFold("Σίσυφος", "ΣΊΣΥΦΟΣ"))
	fmt.Println(strings.Repeat("ab", 5), strings.Repeat("-", 0) == "", strings.Compare("a", "b"), strings.Compare("b", "a"), strings.Compare("a", "a"))
	fmt.Println(strings.HasPrefix("gopher", "go"), strings.HasSuffix("gopher", "her"), strings.Join([]string{"x", "y", "z"}, " + "))
	fmt.Printf("%q\n", strings.ToValidUTF8("a\xffb\xc0\xafc", "?"))
	var parts []string
	for part := range strings.SplitSeq("one|two|three", "|") {
		parts = append(parts, strings.ToUpper(part[:1])+part[1:])
	}
	for line := range strings.Lines("first\nsecond\nlast") {
		parts = append(parts, fmt.Sprintf("%q", line))
	}
	fmt.Println(parts)
	reader := strings.NewReader("reading from a string")
	chunk := make([]byte, 8)
	n, _ := reader.Read(chunk)
	r, size, _ := reader.ReadRune()
	reader.UnreadRune()
	position, _ := reader.Seek(-6, 2)
	tail := make([]byte, 10)
	m, err := reader.Read(tail)
	fmt.Println(string(chunk[:n]), string(r), size, position, string(tail[:m]), err, reader.Len(), reader.Size())
	defer func() { fmt.Println("recovered:", recover()) }()
	fmt.Println(strings.Repeat("x", -1))
}
