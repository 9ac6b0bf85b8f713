package p

func init()
