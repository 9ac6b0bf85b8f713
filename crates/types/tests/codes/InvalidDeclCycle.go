package p

type T /* ERROR "invalid recursive type: T refers to itself" */ struct{ t T }
