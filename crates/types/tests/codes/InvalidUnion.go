package p

type I interface{ int | any | interface /* ERROR "cannot use interface{m()} in union (interface{m()} contains methods)" */{ m() } }
