// Package encoding/csv: a table read with its quirks, summed up, and written again.
package main

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
)

const table = `# sales of one week
region,product,units,price
north,"apples, red",120,0.45
south,pears,80,0.60

north,"figs ""large""",15,2.20
west,"two
lines",3,10
south,"apples, red",40,0.5
`

type sale struct {
	region, product string
	units           int
	price           float64
}

func load(text string) ([]sale, error) {
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comment = '#'
	header, err := reader.Read()
	if err != nil {
		return nil, err
	}
	fmt.Printf("%q\n", header)
	var sales []sale
	for {
		fields, err := reader.Read()
		if err == io.EOF {
			return sales, nil
		}
		if err != nil {
			return sales, err
		}
		units, err := strconv.Atoi(fields[2])
		if err != nil {
			line, column := reader.FieldPos(2)
			return sales, fmt.Errorf("%d:%d: %w", line, column, err)
		}
		price, _ := strconv.ParseFloat(fields[3], 64)
		sales = append(sales, sale{fields[0], fields[1], units, price})
		fmt.Print(reader.InputOffset(), " ")
	}
}

func summary(sales []sale) {
	totals := map[string]float64{}
	for _, s := range sales {
		totals[s.region] += float64(s.units) * s.price
	}
	var regions []string
	for region := range totals {
		regions = append(regions, region)
	}
	slices.SortFunc(regions, func(a, b string) int { return cmp.Compare(totals[b], totals[a]) })
	writer := csv.NewWriter(os.Stdout)
	writer.Write([]string{"region", "total", "note"})
	for i, region := range regions {
		notes := []string{"plain", "has, comma", "has \"quotes\"", " leading space"}
		writer.Write([]string{region, strconv.FormatFloat(totals[region], 'f', 2, 64), notes[i%len(notes)]})
	}
	writer.Flush()
	fmt.Println(writer.Error())
}

func quirks() {
	for _, text := range []string{
		"a,b\nc\n", "a,\"b\n", "a,b\"c\n", "\"a\"x,b\n", "a;b;c\n", "\n\n", "a, b,\"c\"\r\nd,e,f\r\n", ",,\n", "\"\",\"\"\"\"\n", "\xff,ok",
	} {
		reader := csv.NewReader(strings.NewReader(text))
		all, err := reader.ReadAll()
		reader = csv.NewReader(strings.NewReader(text))
		reader.LazyQuotes, reader.FieldsPerRecord, reader.TrimLeadingSpace, reader.ReuseRecord = true, -1, true, true
		lazy, errLazy := reader.ReadAll()
		fmt.Printf("%q: %q %v; lazily %q %v\n", text, all, err, lazy, errLazy)
		var parse *csv.ParseError
		if errors.As(err, &parse) {
			fmt.Println(" ", parse.StartLine, parse.Line, parse.Column, parse.Err, errors.Is(err, csv.ErrFieldCount))
		}
	}
	reader := csv.NewReader(strings.NewReader("x"))
	reader.Comma = '\n'
	_, err := reader.Read()
	fmt.Println(err)
	var out strings.Builder
	writer := csv.NewWriter(&out)
	writer.Comma, writer.UseCRLF = '\t', true
	writer.WriteAll([][]string{{"tab\there", "new\nline", `\.`, ""}, {""}})
	fmt.Printf("%q\n", out.String())
}

func main() {
	sales, err := load(table)
	fmt.Println(len(sales), err)
	for _, s := range sales {
		fmt.Printf("%-6s %-14q %4d %.2f\n", s.region, s.product, s.units, s.price)
	}
	summary(sales)
	_, err = load("a,b,c,d\n1,2,many,4\n")
	fmt.Println(err)
	quirks()
}
