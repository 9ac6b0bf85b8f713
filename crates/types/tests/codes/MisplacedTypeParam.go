package p

type T[P any] P /* ERROR "cannot use a type parameter as RHS in type declaration" */
