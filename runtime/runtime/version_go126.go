//go:build !go1.27

// Texts of Go 1.26.

package runtime

const panicNilText = "panic called with nil argument"
