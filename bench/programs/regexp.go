// regexp: log lines taken apart, words found and replaced, by each of the package's three engines.
package main

import (
	"fmt"
	"hash/crc32"
	"regexp"
	"strings"
)

func lines(count int) string {
	var b strings.Builder
	seed := uint32(99)
	paths := []string{"/index.html", "/api/v1/users/%d", "/static/app.%d.js", "/search?q=go+%d"}
	for range count {
		seed = seed*1664525 + 1013904223
		path := paths[seed>>30]
		if strings.Contains(path, "%d") {
			path = fmt.Sprintf(path, seed>>16)
		}
		fmt.Fprintf(&b, "10.%d.%d.7 - - [%02d/Nov/2026:10:%02d:09 +0000] \"GET %s HTTP/1.1\" %d %d\n",
			seed>>24, seed>>16&0xff, seed>>8%28+1, seed>>4%60, path, 200+seed>>20%3*100, seed>>10)
	}
	return b.String()
}

func main() {
	text := lines(6000)
	entry := regexp.MustCompile(`(?m)^(\S+) \S+ \S+ \[([^\]]+)\] "(GET|POST) ([^ "]+) HTTP/[0-9.]+" (\d{3}) (\d+)$`)
	number := regexp.MustCompile(`\b\d{3,}\b`)
	user := regexp.MustCompile(`users/(?P<id>[0-9]+)`)
	vowels := regexp.MustCompile(`(?i)[aeiou]+[a-z]*?(ex|ers|at)`)
	anchored := regexp.MustCompile(`^10\.(\d+)\.(\d+)\.7`)

	total := 0
	for _, match := range entry.FindAllStringSubmatch(text, -1) {
		total += len(match[4]) + len(match[6])
	}
	total += len(number.FindAllStringIndex(text, -1))
	replaced := user.ReplaceAllString(text, "people/<${id}>")
	replaced = vowels.ReplaceAllStringFunc(replaced, strings.ToUpper)
	for _, line := range strings.Split(text, "\n") {
		if found := anchored.FindStringSubmatchIndex(line); found != nil {
			total += found[3] - found[2]
		}
	}
	fmt.Println(total, len(replaced), crc32.ChecksumIEEE([]byte(replaced)))
}
