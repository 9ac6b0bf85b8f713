// Package encoding/xml: attributes, nesting paths, mixed content, tokens, and errors.
package main

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

type stamp struct{ hour, minute int }

func (s stamp) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "%02d:%02d", s.hour, s.minute), nil
}
func (s *stamp) UnmarshalText(text []byte) error {
	if _, err := fmt.Sscanf(string(text), "%d:%d", &s.hour, &s.minute); err != nil {
		return errors.New("not a time of day: " + string(text))
	}
	return nil
}

type entry struct {
	XMLName xml.Name `xml:"entry"`
	ID      int      `xml:"id,attr"`
	Draft   *bool    `xml:"draft,attr,omitempty"`
	Title   string   `xml:"title"`
	At      stamp    `xml:"meta>at"`
	Tags    []string `xml:"meta>tags>tag"`
	Body    string   `xml:",innerxml"`
}

type feed struct {
	XMLName xml.Name   `xml:"urn:feed feed"`
	Lang    string     `xml:"lang,attr"`
	Comment string     `xml:",comment"`
	Entries []entry    `xml:"entry"`
	Other   []xml.Attr `xml:",any,attr"`
}

const text = `<?xml version="1.0"?>
<!-- a feed -->
<feed xmlns="urn:feed" lang="en" extra="yes">
  <entry id="1" draft="true"><title>First &amp; foremost</title><meta><at>07:45</at><tags><tag>a</tag><tag>b</tag></tags></meta></entry>
  <entry id="2"><title><![CDATA[<raw>]]></title><meta><at>23:05</at></meta><unknown>skipped</unknown></entry>
</feed>`

func decode() {
	var f feed
	err := xml.Unmarshal([]byte(text), &f)
	fmt.Println(err, f.XMLName.Space, f.XMLName.Local, f.Lang, f.Other, strings.TrimSpace(f.Comment))
	for _, e := range f.Entries {
		fmt.Printf("%d %v %q %v %q %d\n", e.ID, e.Draft != nil && *e.Draft, e.Title, e.At, e.Tags, len(e.Body))
	}
}

type paragraph struct {
	XMLName xml.Name `xml:"p"`
	Class   string   `xml:"class,attr,omitempty"`
	Text    string   `xml:",chardata"`
	Bold    []string `xml:"b"`
	Note    string   `xml:",comment"`
	Data    struct {
		Raw string `xml:",cdata"`
	} `xml:"data"`
	When  stamp   `xml:"when,attr"`
	Price float64 `xml:"a>b>price"`
	Same  int     `xml:"a>b>same"`
	Skip  int     `xml:"-"`
	Empty *int    `xml:"empty"`
}

func encode() {
	p := paragraph{Class: "x<y", Text: "one & two\n", Bold: []string{"fat", ""}, Note: " note ", When: stamp{6, 7}, Price: 1.25, Same: 3}
	p.Data.Raw = "a < b ]]> c"
	out, err := xml.Marshal(p)
	fmt.Println(string(out), err)
	out, err = xml.MarshalIndent([]any{p.Bold, struct {
		XMLName xml.Name `xml:"named"`
		On      bool     `xml:"on,attr"`
	}{On: true}}, "|", " ")
	fmt.Println(string(out), err)
	var b strings.Builder
	encoder := xml.NewEncoder(&b)
	start := xml.StartElement{Name: xml.Name{Local: "list"}, Attr: []xml.Attr{{Name: xml.Name{Local: "n"}, Value: `"2"`}}}
	encoder.EncodeToken(xml.ProcInst{Target: "xml", Inst: []byte(`version="1.0"`)})
	encoder.EncodeToken(start)
	encoder.EncodeElement(42, xml.StartElement{Name: xml.Name{Space: "urn:x", Local: "item"}})
	encoder.EncodeToken(xml.CharData("<text>"))
	fmt.Println(encoder.EncodeToken(xml.EndElement{Name: xml.Name{Local: "wrong"}}))
	encoder.EncodeToken(start.End())
	fmt.Println(encoder.Close(), b.String())
	xml.EscapeText(&b, []byte("\t'\"\x01"))
	fmt.Printf("%q\n", b.String()[len(b.String())-20:])
}

func tokens() {
	decoder := xml.NewDecoder(strings.NewReader(`<a:x xmlns:a="urn:a" k='v'>t&lt;<?go do?><!DOCTYPE z><y/><!--c--></a:x>`))
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			break
		}
		switch token := token.(type) {
		case xml.StartElement:
			fmt.Print("start ", token.Name, token.Attr)
		case xml.EndElement:
			fmt.Print("end ", token.Name)
		case xml.CharData:
			fmt.Printf("text %q", token)
		case xml.Comment:
			fmt.Printf("comment %q", token)
		case xml.ProcInst:
			fmt.Printf("inst %s %q", token.Target, token.Inst)
		case xml.Directive:
			fmt.Printf("directive %q", token)
		}
		line, column := decoder.InputPos()
		fmt.Println("", line, column)
	}
}

func main() {
	decode()
	encode()
	tokens()
	for _, bad := range []string{`<a><b></a>`, `<a`, `<a>&nope;</a>`, `<a b=c/>`, ``, `<entry id="x"/>`, `<entry><meta><at>noon</at></meta></entry>`, `<other/>`, "<a>\x01</a>", `<entry id="1"/><tail>`} {
		fmt.Println(xml.Unmarshal([]byte(bad), new(entry)))
	}
	_, err := xml.Marshal(make(chan int))
	_, err2 := xml.Marshal(map[string]int{"a": 1})
	fmt.Println(err, err2)
}
