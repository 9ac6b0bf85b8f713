package p

func f() { 1 /* ERROR "cannot assign to 1 (neither addressable nor a map index expression)" */ = 2 }
