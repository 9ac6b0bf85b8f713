package p

type T struct{ m int }

func (T) m /* ERROR "field and method with the same name m\n\tp.go:3:16: other declaration of m" */() {}
