//run:args -n=7 -v --name "given name" -ratio 0.25 -wait=1m30s -tag a -tag b,c -level HIGH -call x -- -rest file

// Package flag: the command line, sets of their own with subcommands, values of one's own, usage and errors.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"
)

type tags []string

func (t *tags) String() string { return strings.Join(*t, "+") }
func (t *tags) Set(text string) error {
	if text == "" {
		return errors.New("empty tag")
	}
	*t = append(*t, strings.Split(text, ",")...)
	return nil
}

type level int

func (l level) MarshalText() ([]byte, error) { return []byte([]string{"low", "high"}[l]), nil }
func (l *level) UnmarshalText(text []byte) error {
	switch strings.ToLower(string(text)) {
	case "low":
		*l = 0
	case "high":
		*l = 1
	default:
		return fmt.Errorf("no level %q", text)
	}
	return nil
}

func commandLine() {
	var (
		n       = flag.Int("n", 1, "how `many`")
		verbose = flag.Bool("v", false, "say more")
		name    = flag.String("name", "nobody", "who")
		ratio   = flag.Float64("ratio", 0, "share")
		wait    = flag.Duration("wait", time.Second, "how long")
		size    = flag.Uint64("size", 1<<40, "in bytes")
		list    tags
		l       level
		called  []string
	)
	flag.Var(&list, "tag", "any number of tags")
	flag.TextVar(&l, "level", level(0), "low or high")
	flag.Func("call", "calls back", func(s string) error { called = append(called, s); return nil })
	flag.Parse()
	fmt.Println(*n, *verbose, *name, *ratio, *wait, *size, list, l, called, flag.Args(), flag.NArg(), flag.NFlag(), flag.Arg(0), flag.Arg(9) == "")
	flag.Visit(func(f *flag.Flag) { fmt.Print(f.Name, "=", f.Value, " ") })
	fmt.Println(flag.Lookup("n").DefValue, flag.Lookup("zzz") == nil)
	fmt.Println(flag.Set("n", "12"), flag.Set("n", "x"))
	fmt.Println(*n)
}

func newSet(out *strings.Builder) (*flag.FlagSet, *int, *bool) {
	set := flag.NewFlagSet("tool", flag.ContinueOnError)
	set.SetOutput(out)
	count := set.Int("count", 3, "number of `things` to make")
	force := set.Bool("f", false, "force it")
	set.String("long-name", "default", "a usage text\nof two lines")
	set.Duration("d", 0, "")
	set.BoolFunc("help-me", "calls for help", func(s string) error { return errors.New("nobody comes: " + s) })
	return set, count, force
}

func sets() {
	for _, args := range []string{
		"-count 5 -f rest", "-count=x", "-count 99999999999999999999", "-nope", "-f=maybe", "-count", "---f", "-=x", "-help-me", "-", "a -f", "-d 5", "-f=false -count=0x10 x", "-h",
	} {
		var out strings.Builder
		set, count, force := newSet(&out)
		err := set.Parse(strings.Fields(args))
		first, _, _ := strings.Cut(out.String(), "\n")
		fmt.Printf("%q: %v | %d %v %q | %s\n", args, err, *count, *force, set.Args(), first)
		if errors.Is(err, flag.ErrHelp) {
			fmt.Print(out.String())
		}
	}
}

func main() {
	commandLine()
	sets()
	flag.CommandLine.SetOutput(os.Stdout)
	flag.PrintDefaults()
	panics := flag.NewFlagSet("panics", flag.PanicOnError)
	panics.SetOutput(os.Stdout)
	panics.Usage = func() { fmt.Println("usage of my own") }
	func() {
		defer func() { fmt.Println("recovered:", recover()) }()
		panics.Parse([]string{"-unknown"})
	}()
	defer func() { fmt.Println("recovered:", recover()) }()
	panics.Int("twice", 1, "")
	panics.Int("twice", 2, "")
}
