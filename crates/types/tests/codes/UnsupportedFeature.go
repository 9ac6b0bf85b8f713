// -lang=go1.17
package p

func f[P any]() {}
