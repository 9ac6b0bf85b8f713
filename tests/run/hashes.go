// Checksums and digests: crc32, crc64, adler32, fnv, maphash, and the cryptographic ones, resumed and keyed.
package main

import (
	"crypto"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"crypto/subtle"
	"encoding"
	"encoding/hex"
	"fmt"
	"hash"
	"hash/adler32"
	"hash/crc32"
	"hash/crc64"
	"hash/fnv"
	"hash/maphash"
	"io"
	"strings"
)

var all = []struct {
	name string
	make func() hash.Hash
}{
	{"crc32 ieee", func() hash.Hash { return crc32.NewIEEE() }},
	{"crc32 castagnoli", func() hash.Hash { return crc32.New(crc32.MakeTable(crc32.Castagnoli)) }},
	{"crc32 koopman", func() hash.Hash { return crc32.New(crc32.MakeTable(crc32.Koopman)) }},
	{"crc64 iso", func() hash.Hash { return crc64.New(crc64.MakeTable(crc64.ISO)) }},
	{"crc64 ecma", func() hash.Hash { return crc64.New(crc64.MakeTable(crc64.ECMA)) }},
	{"adler32", func() hash.Hash { return adler32.New() }},
	{"fnv32a", func() hash.Hash { return fnv.New32a() }},
	{"fnv64", func() hash.Hash { return fnv.New64() }},
	{"fnv128a", fnv.New128a},
	{"md5", md5.New},
	{"sha1", sha1.New},
	{"sha224", sha256.New224},
	{"sha256", sha256.New},
	{"sha384", sha512.New384},
	{"sha512", sha512.New},
	{"sha512/256", sha512.New512_256},
	{"sha3-256", func() hash.Hash { return sha3.New256() }},
	{"hmac sha256", func() hash.Hash { return hmac.New(sha256.New, []byte("key")) }},
	{"hmac md5 long key", func() hash.Hash { return hmac.New(md5.New, []byte(strings.Repeat("k", 200))) }},
}

func digests() {
	fox := "The quick brown fox jumps over the lazy dog"
	long := strings.Repeat("0123456789abcdef", 5000)
	for _, h := range all {
		for _, text := range []string{"", fox, long} {
			one := h.make()
			io.WriteString(one, text)
			pieces := h.make()
			for rest := text; rest != ""; {
				n := min(len(rest), 1+len(rest)%97)
				pieces.Write([]byte(rest[:n]))
				rest = rest[n:]
			}
			sum := one.Sum(nil)
			if string(sum) != string(pieces.Sum(nil)) {
				fmt.Print("pieces differ! ")
			}
			fmt.Print(hex.EncodeToString(sum)[:min(16, 2*len(sum))], " ")
		}
		h := h.make()
		fmt.Println(h.Size(), h.BlockSize())
	}
	for _, h := range all {
		fmt.Println(h.name)
	}
}

func resumed() {
	first := sha256.New()
	io.WriteString(first, "half of the ")
	state, err := first.(encoding.BinaryMarshaler).MarshalBinary()
	second := sha256.New()
	fmt.Println(err, len(state), second.(encoding.BinaryUnmarshaler).UnmarshalBinary(state))
	io.WriteString(first, "message")
	io.WriteString(second, "message")
	fmt.Printf("%x %v\n", first.Sum([]byte{1}), string(first.Sum(nil)) == string(second.Sum(nil)))
	first.Reset()
	fmt.Printf("%x\n%x\n", first.Sum(nil), sha256.Sum256(nil))
	fmt.Println(second.(encoding.BinaryUnmarshaler).UnmarshalBinary([]byte("junk")))
}

func main() {
	digests()
	resumed()
	fmt.Printf("%08x %08x\n", crc32.ChecksumIEEE([]byte("123456789")), crc32.Update(crc32.ChecksumIEEE([]byte("12345")), crc32.IEEETable, []byte("6789")))
	fmt.Printf("%x\n%x\n", sha512.Sum512([]byte("abc")), sha3.SumSHAKE128([]byte("abc"), 20))
	mac := hmac.New(sha1.New, []byte("secret"))
	io.WriteString(mac, "payload")
	tag := mac.Sum(nil)
	fmt.Println(hmac.Equal(tag, tag), hmac.Equal(tag, tag[1:]), subtle.ConstantTimeCompare([]byte("a"), []byte("b")))
	fmt.Println(crypto.SHA256, crypto.SHA1.Size(), crypto.MD5.Available(), crypto.BLAKE2b_256.Available())
	seed := maphash.MakeSeed()
	fmt.Println(maphash.String(seed, "x") == maphash.Bytes(seed, []byte("x")), maphash.Comparable(seed, 7) == maphash.Comparable(seed, 7))
}
