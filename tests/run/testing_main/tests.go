package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/quick"
)

func TestStack(t *testing.T) {
	var s Stack[string]
	s.Push("a")
	s.Push("b")
	if item, err := s.Pop(); item != "b" || err != nil {
		t.Errorf("got %q, %v", item, err)
	}
	s.Pop()
	if _, err := s.Pop(); !errors.Is(err, errEmpty) {
		t.Fatal("not empty", err)
	}
}

func TestTable(t *testing.T) {
	for _, c := range []struct{ in, out string }{{"abc", "cba"}, {"", ""}, {"é!", "!é"}, {"wrong", "wrong"}} {
		t.Run("reverse "+c.in, func(t *testing.T) {
			t.Cleanup(func() { t.Log("cleaned up", t.Name()) })
			if got := Reverse(c.in); got != c.out {
				t.Errorf("Reverse(%q) = %q", c.in, got)
			}
		})
	}
}

func TestParallel(t *testing.T) {
	results := make(chan int, 10)
	t.Run("group", func(t *testing.T) {
		for i := range 5 {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				results <- i
			})
		}
	})
	if len(results) != 5 {
		t.Error("parallel tests ended late")
	}
}

func TestSkipped(t *testing.T) {
	defer func() { t.Log("deferred in a skipped test") }()
	if testing.Verbose() {
		t.Skipf("skipped for reason %d", 1)
	}
}

func TestFatalHelper(t *testing.T) {
	helper := func(text string) {
		t.Helper()
		t.Fatal("fatal:", text)
	}
	helper("from a helper")
	t.Error("not reached")
}

func TestPlaces(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TESTING_MAIN", "set")
	if err := os.WriteFile(filepath.Join(dir, "f"), []byte(os.Getenv("TESTING_MAIN")), 0o600); err != nil {
		t.Fatal(err)
	}
	if t.Context().Err() != nil {
		t.Error("context is done")
	}
	t.Attr("key", "value")
}

func TestQuick(t *testing.T) {
	twice := func(s string) bool { return !strings.Contains(s, "\ufffd") == (Reverse(Reverse(s)) == s) || true }
	if err := quick.Check(twice, nil); err != nil {
		t.Error(err)
	}
}

func BenchmarkReverse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Reverse("benchmark")
	}
}

func FuzzReverse(f *testing.F) {
	f.Add("seed one")
	f.Add("two")
	f.Fuzz(func(t *testing.T, text string) {
		if len(Reverse(text)) != len(text) {
			t.Error("length changed")
		}
	})
}

func ExampleReverse() {
	fmt.Println(Reverse("live"))
	// Output: evil
}
