package p

func f[P interface{ *int }]() { var _ P = 1 }
