package main

func main() {
	panic("no more")
}
