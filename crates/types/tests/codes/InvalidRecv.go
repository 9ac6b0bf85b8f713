package p

func (int /* ERROR "cannot define new methods on non-local type int" */) m() {}
