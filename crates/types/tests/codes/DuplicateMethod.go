package p

type T int

func (T) m() {}
func (T) m() {}
