package p

type P *int

type T struct{ *P }
