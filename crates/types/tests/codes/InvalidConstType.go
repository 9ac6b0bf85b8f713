package p

const c []int = nil
