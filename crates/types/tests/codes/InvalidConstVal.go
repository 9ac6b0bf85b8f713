package p

const c = 1 << /* ERROR "constant shift overflow" */ 1000
