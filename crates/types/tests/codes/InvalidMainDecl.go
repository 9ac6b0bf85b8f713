package main

func main /* ERROR "func main must have no arguments and no return values" */(x int) {}
