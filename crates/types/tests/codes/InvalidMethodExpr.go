package p

type T int

func (*T) m() {}

var x = T.m /* ERROR "invalid method expression T.m (needs pointer receiver (*T).m)" */
