package p

type I interface{ _ /* ERROR "methods must have a unique non-blank name" */() }
