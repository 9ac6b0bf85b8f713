package p

const c = 1 << 1000
