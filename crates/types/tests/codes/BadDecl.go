package p

func f /* ERROR "generic function is missing function body" */[T any]()
