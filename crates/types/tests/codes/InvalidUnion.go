package p

type I interface{ int | any | interface{ m() } }
