package p

type Set[K comparable] map[K]bool

func (s Set[K]) Add(k K) { s[k] = true }
func (s Set[K]) Len() int {
	return len(s)
}

type Adder[K any] interface{ Add(K) }

func f(s Set[string]) {
	s.Add("a")
	s.Add(1 /* ERROR "cannot use 1 (untyped int constant) as string value in argument to s.Add" */)
	var _ Adder[string] = s
	var _ Adder[int] = s /* ERROR "cannot use s (variable of map type Set[string]) as Adder[int] value in variable declaration: Set[string] does not implement Adder[int] (wrong type for method Add)\n\t\thave Add(string)\n\t\twant Add(int)" */
	add := Set[int].Add
	add(Set[int]{}, "a" /* ERROR "cannot use \"a\" (untyped string constant) as int value in argument to add" */)
}
