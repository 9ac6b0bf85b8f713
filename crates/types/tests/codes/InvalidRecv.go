package p

func (int) m() {}
