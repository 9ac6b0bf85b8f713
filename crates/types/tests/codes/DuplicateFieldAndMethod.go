package p

type T struct{ m int }

func (T) m() {}
