// Package log/slog: text and JSON handlers, groups, levels, replaced attributes, a handler of our own.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"
)

type user struct {
	ID       int
	Name     string
	Password string
}

func (u user) LogValue() slog.Value {
	return slog.GroupValue(slog.Int("id", u.ID), slog.String("name", u.Name))
}

type lazy struct{ calls *int }

func (l lazy) LogValue() slog.Value {
	*l.calls++
	return slog.StringValue("computed")
}

// tidy takes away what differs between runs.
func tidy(groups []string, a slog.Attr) slog.Attr {
	switch {
	case a.Key == slog.TimeKey && len(groups) == 0:
		return slog.Attr{}
	case a.Key == slog.SourceKey:
		source := a.Value.Any().(*slog.Source)
		return slog.String("at", fmt.Sprintf("%s:%d %s", filepath.Base(source.File), source.Line, source.Function))
	case a.Key == "secret":
		return slog.String(a.Key, "***")
	}
	return a
}

func emit(l *slog.Logger, calls *int) {
	l.Info("plain", "n", 1, "f", 2.5, "s", "two words", "q", `say "hi"`, "b", true, "nil", nil)
	l.Warn("kinds", slog.Duration("took", 1500*time.Millisecond), slog.Time("when", time.Unix(0, 0).UTC()), slog.Uint64("u", 1<<63), slog.Any("list", []int{1, 2}))
	l.Error("failed", "err", errors.New("no such thing"), "user", user{7, "ines", "pw"}, "secret", "hidden")
	l.Debug("debug", "lazy", lazy{calls})
	l.With("request", 12).WithGroup("http").With("method", "GET").Info("grouped", slog.Group("size", "in", 10, "out", 20), "path", "/x y")
	l.WithGroup("empty").Info("no attributes")
	l.Info("odd", "key without value")
	l.Info("not a key", 42, "x")
	l.LogAttrs(context.Background(), slog.Level(2), "between levels", slog.Group("", slog.Int("inlined", 1)), slog.Attr{})
	l.Log(context.Background(), slog.LevelError+3, "beyond error", "map", map[string]int{"b": 2, "a": 1}, "bytes", []byte("raw"))
}

// bracketed is a handler that prints one word per record and level.
type bracketed struct {
	out   *strings.Builder
	attrs []slog.Attr
	group string
}

func (b *bracketed) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelWarn }
func (b *bracketed) WithGroup(name string) slog.Handler {
	return &bracketed{b.out, b.attrs, b.group + name + "."}
}
func (b *bracketed) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &bracketed{b.out, append(b.attrs[:len(b.attrs):len(b.attrs)], attrs...), b.group}
}
func (b *bracketed) Handle(_ context.Context, r slog.Record) error {
	fmt.Fprintf(b.out, "[%s %s %d", r.Level, r.Message, r.NumAttrs())
	for _, a := range b.attrs {
		fmt.Fprintf(b.out, " %s", a)
	}
	r.Attrs(func(a slog.Attr) bool {
		fmt.Fprintf(b.out, " %s%v=%v/%v", b.group, a.Key, a.Value, a.Value.Kind())
		return true
	})
	b.out.WriteString("]\n")
	return nil
}

func main() {
	calls := 0
	level := new(slog.LevelVar)
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: tidy}
	emit(slog.New(slog.NewTextHandler(os.Stdout, options)), &calls)
	fmt.Println("lazy calls", calls)
	level.Set(slog.LevelDebug)
	emit(slog.New(slog.NewJSONHandler(os.Stdout, options)), &calls)
	fmt.Println("lazy calls", calls, level, slog.Level(-6), slog.Level(5))
	sourced := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{AddSource: true, ReplaceAttr: tidy}))
	sourced.Info("with source")
	func() { sourced.Warn("from a closure", "k", "v") }()
	var out strings.Builder
	own := slog.New(&bracketed{out: &out})
	own.Info("not enabled")
	own.With("a", 1).WithGroup("g").Warn("own", "b", "x", "c", user{ID: 1})
	fmt.Print(out.String())
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stdout, options)))
	slog.Info("default", "n", 1)
	log.Print("the old package goes through slog now")
	fmt.Println(own.Enabled(context.Background(), slog.LevelInfo), slog.Int("a", 1).Equal(slog.Int("a", 1)), slog.AnyValue(3).Kind(), slog.AnyValue(user{}).Resolve())
	var parsed slog.Level
	fmt.Println(parsed.UnmarshalText([]byte("warn+1")), parsed, parsed.UnmarshalText([]byte("loud")))
	slog.New(slog.DiscardHandler).Error("into the void")
}
