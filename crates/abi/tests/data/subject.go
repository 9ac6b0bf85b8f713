package main

import (
	"io"
	"sync/atomic"
	"unsafe"
)

type (
	Empty   struct{}
	Int     int
	Flag    bool
	Ptr     *Int
	F       func(int, ...string) (Int, error)
	Strs    []string
	Table   map[string]Point
	Point   struct{ X, Y int32 }
	Chain   struct{ next *Chain; val byte }
	Tail    struct {
		a int32
		e Empty
	}
	Mixed struct {
		b    bool
		f    float64
		_    int16
		p    *int
		i    any
		s    string
		tail [3]byte
	}
	Atomic struct {
		flag bool
		n    atomic.Int64
		p    atomic.Pointer[Int]
	}
	Pair[A, B any] struct {
		First  A
		Second B
	}
	List[T any] struct {
		next *List[T]
		item T
	}
	Alias     = []Int
	Same[T any] = Pair[T, T]
)

func (Int) Value() int          { return 0 }
func (*Int) Set(int)            {}
func (i Int) hidden()           {}
func (f F) Call(a, b int) error { return nil }
func (Pair[A, B]) Swap() (p Pair[B, A]) { return }
func (*Pair[A, B]) Ptr(A) *B    { return nil }
func (Point) String() string    { return "" }
func (*Point) Move(dx, dy int32) {}
func (l *List[T]) Push(T)       {}
func (l *List[T]) each(func(T)) {}

type Base struct{ Int }

func (*Base) Own()        {}
func (Base) Value() int64 { return 0 }

type (
	Shaper interface {
		io.Reader
		Shape(x Point) Shaper
		private() int
		Area() float64
	}
	Promoted struct {
		*Base
		Shaper
		extra int
	}
	ByValue struct {
		Base
		Point
	}
	// Int is reached twice at the same depth: ambiguous.
	Twice struct {
		A1
		A2
	}
	A1   struct{ Int }
	A2   struct{ *Int }
	Deep struct{ ByPtr }
	ByPtr struct{ *ByValue }
	Hides struct {
		Int
		Value string
	}
	Cycle struct {
		*Cycle
		Point
	}
	Const[T ~int | ~string] interface{ M(T) }
	Only  struct{ Const2[int] }
	Const2[T any] interface{ M(T) Const2[T] }
)

type Big struct{ words [200]*int }

var subjects struct {
	bool_   bool
	int_    int
	uint8_  byte
	rune_   rune
	uintptr uintptr
	f32     float32
	c64     complex64
	c128    complex128
	str     string
	up      unsafe.Pointer
	err     error
	empty   Empty
	integer Int
	ptrInt  *Int
	ptr2    **Int
	flag    Flag
	ptr     Ptr
	f       F
	pf      *F
	strs    Strs
	table   Table
	point   Point
	ppoint  *Point
	chain   Chain
	tail    Tail
	mixed   Mixed
	atom    Atomic
	pair    Pair[int, string]
	ppair   *Pair[[]byte, map[Int]Point]
	same    Same[Int]
	list    List[Pair[int, Alias]]
	plist   *List[*Point]
	base    Base
	pbase   *Base
	shaper  Shaper
	pshaper *Shaper
	prom    Promoted
	pprom   *Promoted
	byvalue ByValue
	pbyv    *ByValue
	twice   Twice
	ptwice  *Twice
	deep    Deep
	pdeep   *Deep
	hides   Hides
	cycle   Cycle
	only    Only
	eface   any
	iface   interface {
		Z()
		a()
		M(int) string
	}
	anon struct {
		Int
		x int "tag:\"a\\b\""
		Y Alias `json:"y"`
	}
	panon *struct{ *Point }
	arr0  [0]string
	arr1  [1]*int
	arr3  [3]Pair[bool, *int]
	arrE  [4]Empty
	arrF  [2]float32
	one   struct{ p *int }
	onef  struct{ f float64 }
	blank struct{ _, a int }
	nocmp struct {
		a []int
		b string
	}
	ch     chan int
	chr    <-chan *Point
	chs    chan<- func()
	chch   chan (<-chan int)
	fn     func()
	fnv    func(a, b int, rest ...any) (x, y error)
	m1     map[int]string
	m2     map[string]struct{}
	m3     map[float64][200]byte
	m4     map[[129]byte]any
	m5     map[struct{ a, b any }]*int
	m6     map[Point]bool
	m7     map[struct{}]struct{}
	m8     map[int8]int64
	inst1  Pair[struct{ Int }, struct{ int }]
	inst2  Pair[struct{ Alias }, struct{ List[int] }]
	inst3  Pair[interface{ b(); A() }, func(...int) chan<- Int]
	inst4  Pair[io.Reader, struct{ x int `k:"v"`; *Point }]
	inst5  Pair[any, error]
	atomi  atomic.Int64
	big    Big
	reader io.Reader
	limit  io.LimitedReader
	plimit *io.LimitedReader
}
