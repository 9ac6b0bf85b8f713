// Times, durations and zones: formatting, parsing, arithmetic on a calendar. Nothing here reads a clock.
package main

import (
	"encoding/json"
	"fmt"
	"time"
)

func formats(t time.Time) {
	for _, layout := range []string{
		time.ANSIC, time.UnixDate, time.RFC822Z, time.RFC850, time.RFC1123, time.RFC3339, time.RFC3339Nano, time.Kitchen,
		time.StampMicro, time.DateTime, "2006-002 Jan _2 3PM", "Monday, 2 January 06 15h04 -07:00:00 Z0700", ".000 ,999999 05.00",
	} {
		fmt.Println(t.Format(layout))
	}
	fmt.Println(t, t.String() == fmt.Sprint(t), t.GoString())
}

func parsing() {
	paris := time.FixedZone("CET", 3600)
	for _, c := range []struct{ layout, text string }{
		{time.RFC3339, "2024-02-29T23:59:59.123456789+05:30"}, {time.RFC1123, "Mon, 02 Jan 2006 15:04:05 MST"},
		{"2006-01-02", "2023-02-29"}, {"Jan 2, 2006 at 3:04pm (MST)", "Feb 3, 2013 at 7:54pm (PST)"},
		{"15:04:05", "25:00:00"}, {"2006-01-02 15:04", "2020-06-15"}, {"2006-002", "2024-366"}, {time.RFC3339, "not a time"},
		{"02/01/06 15:04:05.000", "31/12/99 23:59:59,500"},
	} {
		t, err := time.Parse(c.layout, c.text)
		fmt.Println(t, err)
	}
	t, err := time.ParseInLocation(time.DateTime, "2021-03-28 02:30:00", paris)
	fmt.Println(t, err, t.UTC(), t.Location(), t.Unix())
}

func calendar() {
	start := time.Date(2024, time.January, 31, 12, 0, 0, 0, time.UTC)
	for _, months := range []int{1, 2, 13, -11} {
		fmt.Print(start.AddDate(0, months, 0).Format("2006-01-02 Mon"), "; ")
	}
	fmt.Println(start.AddDate(1, -1, 29).Format(time.DateOnly))
	odd := time.Date(2023, 14, -3, 25, 61, -1, 1e9+5, time.UTC)
	year, week := odd.ISOWeek()
	fmt.Println(odd, odd.YearDay(), odd.Weekday(), year, week, odd.Nanosecond())
	for year := 1999; year <= 2001; year++ {
		first := time.Date(year, 3, 1, 0, 0, 0, 0, time.UTC)
		fmt.Print(first.Add(-time.Hour).Day(), " ")
	}
	end := time.Date(2024, 12, 25, 8, 30, 0, 0, time.FixedZone("EST", -5*3600))
	gap := end.Sub(start)
	fmt.Println(gap, gap.Hours(), end.After(start), start.Compare(end), end.Equal(end.UTC()), end == end.UTC())
	fmt.Println(end.Truncate(24*time.Hour), end.Round(time.Hour), time.Unix(1e9, 5).UTC(), time.UnixMilli(-1).UTC())
	var zero time.Time
	fmt.Println(zero, zero.IsZero(), zero.Unix(), time.Unix(0, 0).UTC().Sub(zero), end.UnixMicro())
}

func durations() {
	for _, d := range []time.Duration{0, 1, 1500, 2*time.Millisecond + 5, time.Minute + 30*time.Second, -90 * time.Minute, 1<<63 - 1, -1 << 63} {
		fmt.Println(d, d.Seconds(), d.Round(time.Millisecond), d.Truncate(time.Second), d.Milliseconds(), d.Abs())
	}
	for _, text := range []string{"1h15m30.918s", "-1.5h", "3us2ns", ".5m", "", "1", "1x", "9223372036854775808ns"} {
		d, err := time.ParseDuration(text)
		fmt.Print(d, " ", err, "; ")
	}
	fmt.Println()
}

func encodings(t time.Time) {
	text, _ := json.Marshal(map[string]any{"at": t, "for": time.Minute, "on": t.Weekday(), "in": t.Month()})
	fmt.Println(string(text))
	var back struct{ At time.Time }
	fmt.Println(json.Unmarshal(text, &back), back.At.Equal(t))
	binary, _ := t.MarshalBinary()
	var again time.Time
	fmt.Println(len(binary), again.UnmarshalBinary(binary), again.Equal(t))
	fmt.Println(json.Unmarshal([]byte(`{"At":"yesterday"}`), &back))
}

func main() {
	t := time.Date(2009, time.November, 7, 3, 4, 5, 678901234, time.FixedZone("XST", -(2*3600+30*60)))
	formats(t)
	parsing()
	calendar()
	durations()
	encodings(t)
	fmt.Println(time.UTC, time.March, time.Saturday, time.Month(14), time.Weekday(-1))
}
