package p

type P *int

type T struct{ * /* ERROR "embedded field type cannot be a pointer" */P }
