package p

type A /* ERROR "invalid recursive type A\n\tp.go:3:6: A refers to B\n\tp.go:4:6: B refers to A" */ = B
type B = A

type C /* ERROR "invalid recursive type: C refers to itself" */ = []C

type D /* ERROR "invalid recursive type D\n\tp.go:8:6: D refers to E\n\tp.go:9:6: E refers to D" */ = *E
type E = struct{ d D }
