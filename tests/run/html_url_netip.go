// Packages html, net/url, net/netip, mime and net/textproto: texts of the web taken apart.
package main

import (
	"bufio"
	"fmt"
	"html"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/netip"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
)

func urls() {
	for _, text := range []string{
		"https://user:p%40ss@example.com:8443/a%2Fb/c d?q=1&q=2&e=%C3%A9#frag%20ment", "mailto:ann@example.com", "//host/path", "/rooted?x", "../up?a=b;c",
		"http://[fe80::1%25en0]:80/", "http://bad host/", "http://a.b:port/", "%zz", "", "http://x.y/?a=1&b", ":no-scheme", "HTTP://Example.COM/%7euser",
	} {
		u, err := url.Parse(text)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Printf("%q %q %q %q %q %q %q %q %v %s\n", u.Scheme, u.Opaque, u.Hostname(), u.Port(), u.Path, u.RawPath, u.RawQuery, u.Fragment, u.User.Username(), u)
	}
	base, _ := url.Parse("http://h/a/b/c?q#f")
	for _, reference := range []string{"d", "../d", "/d", "?x", "#y", "//other/d", "./././g/", "../../../g"} {
		resolved, err := base.Parse(reference)
		fmt.Print(resolved, " ", err, " ")
	}
	fmt.Println(base.JoinPath("../x", "y/"), base.Redacted())
	values, err := url.ParseQuery("b=2&a=1&a=3+4&c=%21&bad=%zz")
	fmt.Println(values, err, values.Encode(), values.Get("a"), values.Has("zzz"))
	values.Del("a")
	values.Add("new", "é & ü")
	fmt.Println(values.Encode(), url.PathEscape("a/b c?"), url.QueryEscape("a/b c?&="))
	unescaped, err := url.PathUnescape("%41+%2f%")
	fmt.Println(unescaped, err, url.UserPassword("u:", "p@"))
}

func addresses() {
	var list []netip.Addr
	for _, text := range []string{"192.168.1.10", "10.0.0.1", "::1", "fe80::1%eth0", "2001:db8::ff00:42:8329", "::ffff:1.2.3.4", "256.1.1.1", "1.2.3", "::g", ""} {
		a, err := netip.ParseAddr(text)
		if err != nil {
			fmt.Println(err)
			continue
		}
		list = append(list, a)
		fmt.Println(a, a.Is4(), a.Is4In6(), a.IsLoopback(), a.IsPrivate(), a.IsLinkLocalUnicast(), a.Zone(), a.BitLen(), a.Next(), a.Unmap(), a.StringExpanded())
	}
	slices.SortFunc(list, netip.Addr.Compare)
	fmt.Println(list)
	prefix := netip.MustParsePrefix("10.1.2.3/20")
	fmt.Println(prefix, prefix.Masked(), prefix.Contains(netip.MustParseAddr("10.1.15.255")), prefix.Contains(netip.MustParseAddr("10.1.16.0")), prefix.Overlaps(netip.MustParsePrefix("10.1.0.0/16")))
	port, err := netip.ParseAddrPort("[::1]:8080")
	_, bad := netip.ParseAddrPort("1.2.3.4")
	_, badPrefix := netip.ParsePrefix("1.2.3.4/33")
	fmt.Println(port, err, port.Port(), bad, badPrefix)
	network := map[netip.Prefix]string{netip.MustParsePrefix("::/0"): "all"}
	binary, _ := list[0].MarshalBinary()
	fmt.Println(network, binary, netip.AddrFrom4([4]byte{1, 2, 3, 4}).As16())
}

func texts() {
	fmt.Println(html.EscapeString(`<a href="x">'&'</a>`), html.UnescapeString("&lt;&eacute;&#x263a;&#9731;&amp;amp;&notit;&bogus;&AMP &#0;"))
	kind, parameters, err := mime.ParseMediaType(`text/html; charset="utf-8"; q=0.5; title*=UTF-8''%e2%82%ac`)
	fmt.Println(kind, parameters, err, mime.FormatMediaType("a/b", map[string]string{"k": "v w", "z": "é"}))
	_, _, err = mime.ParseMediaType("bad type; =")
	fmt.Println(err, mime.QEncoding.Encode("utf-8", "¡Hola!"), mime.BEncoding.Encode("utf-8", "日本"))
	word, err := new(mime.WordDecoder).DecodeHeader("=?utf-8?q?=C2=A1Hola=21?= =?ISO-8859-1?B?4Q==?=")
	fmt.Println(word, err)
	var quoted strings.Builder
	w := quotedprintable.NewWriter(&quoted)
	io.WriteString(w, "é = a long line that has to be broken somewhere because it is longer than seventy-six. \n")
	w.Close()
	back, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(quoted.String())))
	fmt.Printf("%q %q %v\n", quoted.String(), back, err)
	reader := textproto.NewReader(bufio.NewReader(strings.NewReader("220 hello\r\nsubject: one\r\n two\r\nX-other-name: v\r\n\r\n.dot\r\n..\r\n.\r\n")))
	code, message, err := reader.ReadCodeLine(220)
	header, errHeader := reader.ReadMIMEHeader()
	dots, errDots := reader.ReadDotLines()
	fmt.Println(code, message, err, header, errHeader, dots, errDots, textproto.CanonicalMIMEHeaderKey("content-TYPE"))
}

func main() {
	urls()
	addresses()
	texts()
}
