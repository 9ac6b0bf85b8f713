package p

var init /* ERROR "cannot declare init - must be func" */ int
