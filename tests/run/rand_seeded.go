// Random numbers that are the same everywhere: math/rand/v2 with PCG and ChaCha8, and the older math/rand.
package main

import (
	"fmt"
	old "math/rand"
	"math/rand/v2"
	"slices"
)

// countdown is a source of our own.
type countdown uint64

func (c *countdown) Uint64() uint64 {
	*c -= 0x9e3779b97f4a7c15
	return uint64(*c)
}

func draw(name string, r *rand.Rand) {
	fmt.Println(name, r.Uint64(), r.Int64(), r.Uint32(), r.Int32(), r.Int(), r.Uint())
	fmt.Println(" ", r.IntN(100), r.Int64N(1e12), r.Uint32N(7), r.UintN(10), r.Int32N(1000), r.Uint64N(1<<40))
	fmt.Println(" ", r.Float64(), r.Float32(), r.NormFloat64(), r.ExpFloat64())
	fmt.Println(" ", r.Perm(8))
	deck := []string{"ace", "king", "queen", "jack", "ten"}
	r.Shuffle(len(deck), func(i, j int) { deck[i], deck[j] = deck[j], deck[i] })
	fmt.Println(" ", deck)
}

func statistics(r *rand.Rand) {
	const draws = 20000
	var buckets [10]int
	mean := 0.0
	for range draws {
		f := r.Float64()
		buckets[int(f*10)]++
		mean += f
	}
	low, high := slices.Min(buckets[:]), slices.Max(buckets[:])
	fmt.Println(buckets, low > 1800, high < 2200)
	fmt.Printf("%.4f\n", mean/draws)
	inside := 0
	for range draws {
		x, y := r.Float64(), r.Float64()
		if x*x+y*y < 1 {
			inside++
		}
	}
	fmt.Printf("%.3f\n", 4*float64(inside)/draws)
}

func saving() {
	source := rand.NewPCG(1, 2)
	source.Uint64()
	state, err := source.MarshalBinary()
	fmt.Printf("%q %v\n", state, err)
	var copied rand.PCG
	fmt.Println(copied.UnmarshalBinary(state), copied.Uint64() == source.Uint64())
	chacha := rand.NewChaCha8([32]byte([]byte("thirty-two bytes of a seed here!")))
	for range 300 {
		chacha.Uint64()
	}
	state, _ = chacha.MarshalBinary()
	var restored rand.ChaCha8
	fmt.Println(len(state), restored.UnmarshalBinary(state), restored.Uint64() == chacha.Uint64())
	buffer := make([]byte, 11)
	n, err := chacha.Read(buffer)
	fmt.Printf("%d %v %x\n", n, err, buffer)
	chacha.Seed([32]byte{31: 1})
	fmt.Println(chacha.Uint64())
	fmt.Println(copied.UnmarshalBinary([]byte("pcg:short")))
}

func main() {
	draw("pcg", rand.New(rand.NewPCG(42, 1024)))
	draw("chacha8", rand.New(rand.NewChaCha8([32]byte([]byte("chacha8: 32-byte seed for a test")))))
	start := countdown(7)
	draw("own", rand.New(&start))
	statistics(rand.New(rand.NewPCG(3, 5)))
	saving()
	zipf := rand.NewZipf(rand.New(rand.NewPCG(8, 9)), 1.5, 2, 50)
	for range 12 {
		fmt.Print(zipf.Uint64(), " ")
	}
	fmt.Println()
	before := old.New(old.NewSource(99))
	fmt.Println(before.Intn(1000), before.Int63(), before.Float64(), before.Perm(5), before.NormFloat64(), before.Uint32())
	fmt.Println(rand.N(10) < 10, rand.IntN(1), rand.N(int64(5)) >= 0)
	defer func() { fmt.Println("recovered:", recover()) }()
	rand.IntN(0)
}
