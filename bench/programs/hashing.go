// Hashes and codes: SHA-256 and SHA-512, MD5, CRC-32, Adler, FNV, base64, hex, and a hand-written mixing loop.
package main

import (
	"crypto/md5"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash/adler32"
	"hash/crc32"
	"hash/fnv"
	"math/bits"
)

// mix is a hash of 64-bit words with rotations and wide multiplications.
func mix(data []byte) uint64 {
	h := uint64(0x9e3779b97f4a7c15)
	for len(data) >= 8 {
		word := uint64(data[0]) | uint64(data[1])<<8 | uint64(data[2])<<16 | uint64(data[3])<<24 |
			uint64(data[4])<<32 | uint64(data[5])<<40 | uint64(data[6])<<48 | uint64(data[7])<<56
		high, low := bits.Mul64(h^word, 0xbf58476d1ce4e5b9)
		h = bits.RotateLeft64(high^low, 29)
		data = data[8:]
	}
	return h
}

func main() {
	data := make([]byte, 1<<18)
	seed := uint32(1)
	for i := range data {
		seed = seed*1664525 + 1013904223
		data[i] = byte(seed >> 24)
	}
	checksum := uint64(0)
	for round := range 50 {
		data[round] ^= 0x5a
		small := sha256.Sum256(data)
		large := sha512.Sum512(data)
		old := md5.Sum(data)
		fnv := fnv.New64a()
		fnv.Write(data)
		checksum += uint64(small[3]) + uint64(large[5])<<8 + uint64(old[7])<<16
		checksum ^= uint64(crc32.ChecksumIEEE(data)) + uint64(adler32.Checksum(data))<<20
		checksum = bits.RotateLeft64(checksum^fnv.Sum64(), 11)
		for range 8 {
			checksum ^= mix(data)
		}
		text := base64.StdEncoding.EncodeToString(data)
		back, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			panic(err)
		}
		coded := hex.EncodeToString(back)
		checksum += uint64(len(coded)) + uint64(coded[1000])
	}
	fmt.Println(checksum)
}
