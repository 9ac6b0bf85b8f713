package p

var init int
