package p

type I interface{ _() }
