// The map behind sync.Map and unique. Its name tells of a trie for concurrent use; goroutines that never run at the same
// time are as well served by a built-in map, whose iteration allows changes in between.

package sync

import (
	"internal/abi"
	"unsafe"
)

// HashTrieMap is a map for concurrent use. Its zero value is empty and ready; it must not be copied after first use.
type HashTrieMap[K comparable, V any] struct {
	m map[K]V
}

// Load returns the value stored for a key; ok tells whether there is one.
func (ht *HashTrieMap[K, V]) Load(key K) (value V, ok bool) {
	value, ok = ht.m[key]
	return value, ok
}

// LoadOrStore returns the existing value, or stores and returns the given one.
func (ht *HashTrieMap[K, V]) LoadOrStore(key K, value V) (result V, loaded bool) {
	if old, ok := ht.m[key]; ok {
		return old, true
	}
	ht.Store(key, value)
	return value, false
}

// Store sets the value for a key.
func (ht *HashTrieMap[K, V]) Store(key K, value V) {
	if ht.m == nil {
		ht.m = make(map[K]V)
	}
	ht.m[key] = value
}

// Swap stores a value and returns the previous one, if any.
func (ht *HashTrieMap[K, V]) Swap(key K, value V) (previous V, loaded bool) {
	previous, loaded = ht.m[key]
	ht.Store(key, value)
	return previous, loaded
}

// CompareAndSwap stores a value if the present one equals old. V must be comparable.
func (ht *HashTrieMap[K, V]) CompareAndSwap(key K, old, new V) (swapped bool) {
	equal := valueEqual[K, V]("called CompareAndSwap when value is not of comparable type")
	value, ok := ht.m[key]
	if !ok || !equal(unsafe.Pointer(&value), unsafe.Pointer(&old)) {
		return false
	}
	ht.m[key] = new
	return true
}

// LoadAndDelete deletes a key and returns its value, if any.
func (ht *HashTrieMap[K, V]) LoadAndDelete(key K) (value V, loaded bool) {
	if value, loaded = ht.m[key]; loaded {
		delete(ht.m, key)
	}
	return value, loaded
}

// Delete deletes a key.
func (ht *HashTrieMap[K, V]) Delete(key K) {
	delete(ht.m, key)
}

// CompareAndDelete deletes a key whose value equals old. V must be comparable.
func (ht *HashTrieMap[K, V]) CompareAndDelete(key K, old V) (deleted bool) {
	equal := valueEqual[K, V]("called CompareAndDelete when value is not of comparable type")
	value, ok := ht.m[key]
	if !ok || !equal(unsafe.Pointer(&value), unsafe.Pointer(&old)) {
		return false
	}
	delete(ht.m, key)
	return true
}

// All visits each key at most once; values that change meanwhile are seen old or new.
func (ht *HashTrieMap[K, V]) All() func(yield func(K, V) bool) {
	return ht.Range
}

// Range is All for sync.Map.
func (ht *HashTrieMap[K, V]) Range(yield func(K, V) bool) {
	for key, value := range ht.m {
		if !yield(key, value) {
			return
		}
	}
}

// Clear deletes all keys.
func (ht *HashTrieMap[K, V]) Clear() {
	clear(ht.m)
}

// valueEqual takes the comparison out of the map type's descriptor, since V need not be comparable.
func valueEqual[K comparable, V any](complaint string) func(x, y unsafe.Pointer) bool {
	var m map[K]V
	equal := abi.TypeOf(m).MapType().Elem.Equal
	if equal == nil {
		panic(complaint)
	}
	return equal
}
