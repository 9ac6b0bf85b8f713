// encoding/json: structures, maps and interfaces, both ways; most of it is reflection.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"log"
)

type address struct {
	Street string `json:"street"`
	City   string `json:"city,omitempty"`
	Codes  []int  `json:"codes"`
}

type customer struct {
	ID       int64              `json:"id"`
	Name     string             `json:"name"`
	Active   bool               `json:"active"`
	Balance  float64            `json:"balance"`
	Tags     []string           `json:"tags"`
	Home     *address           `json:"home,omitempty"`
	Scores   map[string]float64 `json:"scores"`
	Anything any                `json:"anything"`
	private  int
}

func sample(i int) customer {
	c := customer{
		ID: int64(i) * 7919, Name: fmt.Sprintf("Customer \"%d\" <ü>", i), Active: i%3 == 0,
		Balance: float64(i) * 1.25, Tags: []string{"new", "gold", fmt.Sprint("t", i%10)},
		Scores:   map[string]float64{"a": float64(i) / 3, "b": 2.5e10, "c": -0.001},
		Anything: []any{nil, true, "text", 12.5, map[string]any{"k": i}},
	}
	if i%2 == 0 {
		c.Home = &address{Street: "Long Road", City: "Somewhere", Codes: []int{i, i + 1, i + 2}}
	}
	return c
}

func main() {
	checksum := uint32(0)
	for round := range 24 {
		customers := make([]customer, 150)
		for i := range customers {
			customers[i] = sample(i + round)
		}
		text, err := json.Marshal(customers)
		if err != nil {
			log.Fatal(err)
		}
		var back []customer
		if err := json.Unmarshal(text, &back); err != nil {
			log.Fatal(err)
		}
		var anything any
		if err := json.Unmarshal(text, &anything); err != nil {
			log.Fatal(err)
		}
		again, err := json.MarshalIndent(anything, "", " ")
		if err != nil {
			log.Fatal(err)
		}
		var compact bytes.Buffer
		if err := json.Compact(&compact, again); err != nil {
			log.Fatal(err)
		}
		checksum = crc32.Update(checksum, crc32.IEEETable, text)
		checksum = crc32.Update(checksum, crc32.IEEETable, compact.Bytes())
		checksum += uint32(len(back) + back[1].private)
	}
	fmt.Println(checksum)
}
