// Regular expressions: groups, replacement, splitting, leftmost-longest, and a log rewritten line by line.
package main

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"
)

const journal = `2024-03-01 12:00:01 INFO  server: started on :8080
2024-03-01 12:00:07 WARN  cache: miss rate 0.82 > 0.75
2024-03-02 00:13:59 ERROR db: query took 1532ms (limit 500ms)
not a log line
2024-03-02 00:14:00 INFO  db: reconnected after 3 attempts`

var line = regexp.MustCompile(`(?m)^(?P<date>\d{4}-\d\d-\d\d) (?P<time>[\d:]{8}) (?P<level>[A-Z]+)\s+(?P<unit>\w+): (?P<text>.*)$`)

func logs() {
	fmt.Println(line.NumSubexp(), line.SubexpNames(), line.SubexpIndex("level"))
	for _, match := range line.FindAllStringSubmatch(journal, -1) {
		fmt.Printf("%s|%s|%s\n", match[line.SubexpIndex("level")], match[4], match[5])
	}
	fmt.Println(line.ReplaceAllString("2024-03-01 12:00:01 INFO  x: y", "${level}<$unit>$$ $text"))
	milliseconds := regexp.MustCompile(`(\d+)ms`)
	fmt.Println(milliseconds.ReplaceAllStringFunc(journal[118:180], func(s string) string {
		n, _ := strconv.Atoi(strings.TrimSuffix(s, "ms"))
		return fmt.Sprintf("%.3fs", float64(n)/1000)
	}))
	fmt.Println(milliseconds.FindAllStringIndex(journal, -1), milliseconds.FindStringSubmatchIndex(journal))
}

func forms() {
	for _, c := range []struct{ pattern, text string }{
		{`a*`, "baaac"}, {`(a|ab)(c|bcd)`, "abcd"}, {`(?i)héllo`, "HÉLLO"}, {`^$`, ""}, {`\bfoo\b`, "a foo bar"},
		{`(a+)(b+)?`, "aac"}, {`x{2,3}?`, "xxxx"}, {`[^\pL\s]+`, "abc 123 déf"}, {`(?s)a.b`, "a\nb"}, {`\x{1F600}|☺`, "x☺"},
		{`(.)(.)(.)`, "日本語"}, {`[[:upper:]]+`, "abCDe"}, {`(?U)a+`, "aaa"}, {`\Qa.b\E`, "a.b"}, {`(?:)`, "x"},
	} {
		re := regexp.MustCompile(c.pattern)
		fmt.Printf("%s: %q %v %q", c.pattern, re.FindString(c.text), re.FindStringIndex(c.text), re.FindAllString(c.text, -1))
		re.Longest()
		fmt.Printf(" longest %q\n", re.FindStringSubmatch(c.text))
	}
	for _, bad := range []string{`(`, `a**`, `[z-a]`, `\8`, `(?P<n>a)(?P<n>b)`, `x{1001}`, `*a`, `(?<=a)b`} {
		_, err := regexp.Compile(bad)
		fmt.Println(err)
	}
}

func methods() {
	re := regexp.MustCompile(`(\w+)@(\w+)\.com`)
	text := "ann@home.com, bob@work.com; nobody"
	fmt.Println(re.ReplaceAllString(text, "$2/$1"), re.ReplaceAllLiteralString(text, "$1"), re.MatchString("none"))
	fmt.Printf("%q %q\n", re.FindAllString(text, 1), re.FindAll([]byte(text), -1))
	fmt.Printf("%q %q\n", regexp.MustCompile(`[,;]\s*`).Split(text, -1), regexp.MustCompile(`b*`).Split("abbac", 3))
	fmt.Printf("%s\n", re.Expand(nil, []byte("<$1 at ${2}x>"), []byte(text), re.FindSubmatchIndex([]byte(text))))
	fmt.Println(regexp.QuoteMeta("1+1=2? [yes]"), re.String(), regexp.MustCompilePOSIX(`a+|a+b`).FindString("aab"))
	prefix, complete := regexp.MustCompile(`abc+d`).LiteralPrefix()
	fmt.Println(prefix, complete, regexp.MustCompile(`^(\d{3})-(\d{4})$`).MatchReader(strings.NewReader("555-1234")))
	// Backtracking would take an age here.
	hard := regexp.MustCompile(`^(a+)+$`)
	fmt.Println(hard.MatchString(strings.Repeat("a", 2000)+"b"), hard.MatchString(strings.Repeat("a", 2000)))
	digits := regexp.MustCompile(`(?:1[0-9]|2[0-4]|[3-9])+`)
	fmt.Println(digits.FindAllString("101 2245 399 17", -1))
	tree, err := syntax.Parse(`a(b|c)*d{2,}`, syntax.Perl)
	fmt.Println(tree, err, tree.Simplify(), tree.MaxCap(), tree.Op)
	marshalled, _ := re.MarshalText()
	fmt.Println(string(marshalled))
	defer func() { fmt.Println("recovered:", recover()) }()
	regexp.MustCompile(`)`)
}

func main() {
	logs()
	forms()
	methods()
}
