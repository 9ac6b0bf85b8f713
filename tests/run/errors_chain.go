// Errors as values: wrapping, joining, Is, As, sentinel and typed errors in a small loader of settings.
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
)

var (
	errMissing  = errors.New("missing key")
	errReadOnly = errors.New("read only")
)

type syntaxError struct {
	Line int
	Err  error
}

func (e *syntaxError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }
func (e *syntaxError) Unwrap() error { return e.Err }

// A temporary error equals every other of its kind.
type temporary struct{ after int }

func (t temporary) Error() string { return "try again after " + strconv.Itoa(t.after) }
func (t temporary) Is(target error) bool {
	other, ok := target.(temporary)
	return ok && (other.after == 0 || other.after == t.after)
}

// An httpStatus can turn itself into other error types.
type httpStatus int

func (s httpStatus) Error() string { return "status " + strconv.Itoa(int(s)) }
func (s httpStatus) As(target any) bool {
	switch target := target.(type) {
	case *temporary:
		if s == 503 {
			target.after = 30
			return true
		}
	case **fs.PathError:
		if s == 404 {
			*target = &fs.PathError{Op: "get", Path: "/", Err: fs.ErrNotExist}
			return true
		}
	}
	return false
}

func parse(text string) (settings map[string]int, err error) {
	settings = make(map[string]int)
	var problems []error
	for i, line := range strings.Split(text, "\n") {
		key, value, found := strings.Cut(line, "=")
		if !found {
			problems = append(problems, &syntaxError{i + 1, fmt.Errorf("%q: %w", line, errMissing)})
			continue
		}
		n, err := strconv.Atoi(value)
		if err != nil {
			problems = append(problems, &syntaxError{i + 1, err})
			continue
		}
		settings[key] = n
	}
	return settings, errors.Join(problems...)
}

func report(err error) {
	var syntax *syntaxError
	var number *strconv.NumError
	var again temporary
	var path *fs.PathError
	fmt.Println("message:", strings.ReplaceAll(fmt.Sprint(err), "\n", " / "))
	fmt.Println("  missing:", errors.Is(err, errMissing), "syntax:", errors.Is(err, strconv.ErrSyntax),
		"range:", errors.Is(err, strconv.ErrRange), "not exist:", errors.Is(err, fs.ErrNotExist))
	if errors.As(err, &syntax) {
		fmt.Println("  first at line", syntax.Line)
	}
	if errors.As(err, &number) {
		fmt.Println("  number", number.Func, number.Num, number.Err)
	}
	if errors.As(err, &again) {
		fmt.Println("  again after", again.after, errors.Is(err, temporary{30}), errors.Is(err, temporary{}))
	}
	if errors.As(err, &path) {
		fmt.Println("  path", path.Op, path.Path, path.Timeout())
	}
}

func main() {
	settings, err := parse("a=1\nb\nc=x7\nd=99999999999999999999\ne=5")
	fmt.Println(settings)
	report(err)
	settings, err = parse("only=1")
	fmt.Println(settings, err == nil)
	report(httpStatus(404))
	report(httpStatus(503))
	report(fmt.Errorf("loading: %w", errors.Join(errReadOnly, fmt.Errorf("deep: %w", temporary{30}))))
	report(nil)
	joined := errors.Join(nil, errReadOnly, nil, io.EOF)
	fmt.Printf("%q %v %v\n", joined.Error(), errors.Is(joined, io.EOF), errors.Is(joined, io.ErrClosedPipe))
	fmt.Println(errors.Join(nil, nil) == nil, errors.Unwrap(joined), errors.Unwrap(errReadOnly))
	opaque := fmt.Errorf("opaque: %v", io.EOF)
	fmt.Println(errors.Is(opaque, io.EOF), errors.Is(fmt.Errorf("%w", opaque), opaque))
	fmt.Println(errors.New("same") == errors.New("same"), errors.Is(errors.ErrUnsupported, errors.ErrUnsupported))
	if number, ok := errors.AsType[*strconv.NumError](fmt.Errorf("x: %w", &strconv.NumError{Func: "F", Num: "N", Err: io.EOF})); ok {
		fmt.Println("as type:", number)
	}
	defer func() { fmt.Println("recovered:", recover()) }()
	var notPointer error
	errors.As(io.EOF, notPointer)
}
