// Package testing as a test binary uses it: a main like the one that `go test -c` writes, whose report is printed with
// the times taken out.
package main

import (
	"fmt"
	"io"
	"os"
	"reflect"
	"regexp"
	"testing"
	"time"
)

// deps stands for what cmd/go links into a test binary.
type deps struct{}

type entry = struct {
	Parent     string
	Path       string
	Data       []byte
	Values     []any
	Generation int
	IsSeed     bool
}

func (deps) ImportPath() string                          { return "example/testing_main" }
func (deps) ModulePath() string                          { return "example/testing_main" }
func (deps) MatchString(pat, str string) (bool, error)   { return regexp.MatchString(pat, str) }
func (deps) SetPanicOnExit0(bool)                        {}
func (deps) StartCPUProfile(io.Writer) error             { return nil }
func (deps) StopCPUProfile()                             {}
func (deps) StartTestLog(io.Writer)                      {}
func (deps) StopTestLog() error                          { return nil }
func (deps) WriteProfileTo(string, io.Writer, int) error { return nil }
func (deps) CoordinateFuzzing(time.Duration, int64, time.Duration, int64, int, []entry, []reflect.Type, string, string) error {
	return nil
}
func (deps) RunFuzzWorker(func(entry) error) error              { return nil }
func (deps) ReadCorpus(string, []reflect.Type) ([]entry, error) { return nil, nil }
func (deps) CheckCorpus([]any, []reflect.Type) error            { return nil }
func (deps) ResetCoverage()                                     {}
func (deps) SnapshotCoverage()                                  {}
func (deps) InitRuntimeCoverage() (string, func(string, string) (string, error), func() float64) {
	return "", nil, nil
}

func run(args ...string) {
	os.Args = append([]string{"testing_main.test"}, args...)
	report, err := os.Create("report.txt")
	if err != nil {
		fmt.Println(err)
		return
	}
	stdout := os.Stdout
	os.Stdout = report
	m := testing.MainStart(deps{},
		[]testing.InternalTest{
			{Name: "TestStack", F: TestStack}, {Name: "TestTable", F: TestTable}, {Name: "TestParallel", F: TestParallel},
			{Name: "TestSkipped", F: TestSkipped}, {Name: "TestFatalHelper", F: TestFatalHelper}, {Name: "TestPlaces", F: TestPlaces}, {Name: "TestQuick", F: TestQuick},
		},
		[]testing.InternalBenchmark{{Name: "BenchmarkReverse", F: BenchmarkReverse}},
		[]testing.InternalFuzzTarget{{Name: "FuzzReverse", Fn: FuzzReverse}},
		[]testing.InternalExample{{Name: "ExampleReverse", F: ExampleReverse, Output: "evil\n"}})
	code := m.Run()
	os.Stdout = stdout
	report.Close()
	text, _ := os.ReadFile("report.txt")
	text = regexp.MustCompile(`\(\d+\.\d+s\)`).ReplaceAll(text, nil)
	// In which order parallel tests go on is the scheduler's affair.
	text = regexp.MustCompile(`(=== (PAUSE|CONT)|[ \t]+--- PASS: TestParallel/group/).*\n`).ReplaceAll(text, nil)
	fmt.Printf("%v: code %d\n%s", args, code, text)
}

func main() {
	run("-test.v", "-test.run", "Stack|Table|Skipped|Fatal|Reverse|Quick|Places|Parallel", "-test.parallel", "1", "-test.benchtime", "20x")
	fmt.Println(testing.AllocsPerRun(10, func() { sink = new(int) }), testing.AllocsPerRun(10, func() {}))
	result := testing.Benchmark(func(b *testing.B) {
		for range b.N {
			sink = new(int)
		}
	})
	fmt.Println(result.N > 0, result.AllocsPerOp(), testing.Short(), testing.Testing())
}

var sink *int
