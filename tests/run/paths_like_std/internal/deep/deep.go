package deep

func Down(n int) int { return Down(n+1) + 1 }
