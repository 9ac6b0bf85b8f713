// Package sig holds markers that tools look for in machine code. Nothing looks for them in wasm.
package sig

// BoringCrypto marks use of the BoringCrypto module.
func BoringCrypto() {}

// FIPSOnly marks use of crypto/tls/fipsonly.
func FIPSOnly() {}

// StandardCrypto marks use of the standard library's own cryptography.
func StandardCrypto() {}
