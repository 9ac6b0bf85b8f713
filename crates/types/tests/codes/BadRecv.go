package p

func (int, int) m() {}
