// Ciphers and signatures: AES in its modes, DES, RC4, ed25519, ECDSA, X25519 and derived keys.
package main

import (
	"bytes"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/rc4"
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"io"
	"math/big"
	"strings"
)

func key(n int) []byte {
	k := make([]byte, n)
	for i := range k {
		k[i] = byte(i*7 + 3)
	}
	return k
}

func modes() {
	text := []byte(strings.Repeat("sixteen byte blk", 3))
	iv := key(16)
	for _, size := range []int{16, 24, 32} {
		block, err := aes.NewCipher(key(size))
		out := make([]byte, len(text))
		block.Encrypt(out, text[:16])
		fmt.Printf("aes-%d %v %x\n", size*8, err, out[:16])
		block.Decrypt(out, out)
		fmt.Printf("%s\n", out[:16])
		cipher.NewCBCEncrypter(block, iv).CryptBlocks(out, text)
		fmt.Printf("cbc %x\n", out)
		cipher.NewCBCDecrypter(block, iv).CryptBlocks(out, out)
		fmt.Println(bytes.Equal(out, text))
		cipher.NewCTR(block, iv).XORKeyStream(out, text[:37])
		fmt.Printf("ctr %x\n", out[:37])
		gcm, err := cipher.NewGCM(block)
		sealed := gcm.Seal(nil, iv[:12], text[:20], []byte("extra"))
		opened, errOpen := gcm.Open(nil, iv[:12], sealed, []byte("extra"))
		_, errTampered := gcm.Open(nil, iv[:12], sealed, []byte("other"))
		fmt.Printf("gcm %v %x %s %v %v\n", err, sealed, opened, errOpen, errTampered)
	}
	_, err := aes.NewCipher(key(15))
	triple, err2 := des.NewTripleDESCipher(key(24))
	out := make([]byte, 8)
	triple.Encrypt(out, text)
	stream, _ := rc4.NewCipher(key(9))
	four := make([]byte, 8)
	stream.XORKeyStream(four, text[:8])
	fmt.Printf("%v %v %x %x\n", err, err2, out, four)
	block, _ := aes.NewCipher(key(16))
	reader := cipher.StreamReader{S: cipher.NewCTR(block, iv), R: bytes.NewReader(text)}
	all, _ := io.ReadAll(reader)
	var back bytes.Buffer
	writer := cipher.StreamWriter{S: cipher.NewCTR(block, iv), W: &back}
	writer.Write(all)
	fmt.Println(bytes.Equal(back.Bytes(), text))
}

func signatures() {
	private := ed25519.NewKeyFromSeed(key(32))
	public := private.Public().(ed25519.PublicKey)
	message := []byte("sign this")
	signature := ed25519.Sign(private, message)
	fmt.Printf("%x\n%x\n", public, signature)
	fmt.Println(ed25519.Verify(public, message, signature), ed25519.Verify(public, message[1:], signature))
	digest := sha512.Sum512(message)
	prehashed, err := private.Sign(nil, digest[:], &ed25519.Options{Hash: crypto.SHA512, Context: "ctx"})
	fmt.Println(len(prehashed), err, ed25519.VerifyWithOptions(public, digest[:], prehashed, &ed25519.Options{Hash: crypto.SHA512, Context: "ctx"}))
	fmt.Println(public.Equal(private.Public()), ed25519.VerifyWithOptions(public, digest[:], prehashed, &ed25519.Options{Hash: crypto.SHA512}))
	// Elliptic curves sign with random numbers: only what they verify is the same each time.
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	sum := sha256.Sum256(message)
	asn1, err2 := ecdsa.SignASN1(rand.Reader, curve, sum[:])
	fmt.Println(err, err2, ecdsa.VerifyASN1(&curve.PublicKey, sum[:], asn1))
	sum[0]++
	fmt.Println(ecdsa.VerifyASN1(&curve.PublicKey, sum[:], asn1), curve.Curve.Params().Name, curve.X.Cmp(big.NewInt(0)))
}

func agreement() {
	ann, err := ecdh.X25519().NewPrivateKey(key(32))
	bob, err2 := ecdh.X25519().GenerateKey(rand.Reader)
	one, _ := ann.ECDH(bob.PublicKey())
	two, _ := bob.ECDH(ann.PublicKey())
	fmt.Printf("%v %v %v %x\n", err, err2, bytes.Equal(one, two), ann.PublicKey().Bytes())
	derived, err := pbkdf2.Key(sha256.New, "password", []byte("salt"), 100, 24)
	expanded, err2 := hkdf.Key(sha256.New, []byte("input"), []byte("salt"), "info", 20)
	fmt.Printf("%x %v %x %v\n", derived, err, expanded, err2)
	a, b := make([]byte, 32), make([]byte, 32)
	rand.Read(a)
	rand.Read(b)
	prime, err := rand.Prime(rand.Reader, 64)
	fmt.Println(bytes.Equal(a, b), prime.BitLen(), prime.ProbablyPrime(5), err, len(rand.Text()))
}

func main() {
	modes()
	signatures()
	agreement()
}
