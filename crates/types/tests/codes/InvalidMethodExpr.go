package p

type T int

func (*T) m() {}

var x = T.m
