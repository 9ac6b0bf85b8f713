// The host wasip1: arguments, clocks, random numbers, standard error, waiting.

package runtime

import (
	"structs"
	"unsafe"
)

type errno = uint32

const (
	clockRealtime  = 0
	clockMonotonic = 1
)

//go:wasmimport wasi_snapshot_preview1 proc_exit
func proc_exit(code int32)

//go:wasmimport wasi_snapshot_preview1 args_get
//go:noescape
func args_get(argv *uint32, buf *byte) errno

//go:wasmimport wasi_snapshot_preview1 args_sizes_get
//go:noescape
func args_sizes_get(count, size *uint32) errno

//go:wasmimport wasi_snapshot_preview1 environ_get
//go:noescape
func environ_get(environ *uint32, buf *byte) errno

//go:wasmimport wasi_snapshot_preview1 environ_sizes_get
//go:noescape
func environ_sizes_get(count, size *uint32) errno

//go:wasmimport wasi_snapshot_preview1 clock_time_get
//go:noescape
func clock_time_get(clock uint32, precision uint64, time *uint64) errno

//go:wasmimport wasi_snapshot_preview1 fd_write
//go:noescape
func fd_write(fd int32, iovs unsafe.Pointer, count uint32, written *uint32) errno

//go:wasmimport wasi_snapshot_preview1 random_get
//go:noescape
func random_get(buf *byte, size uint32) errno

type iovec struct {
	_    structs.HostLayout
	base uint32
	size uint32
}

func exit(code int32) {
	proc_exit(code)
	unwindAll()
}

// writeFd writes until all is written or the host refuses.
func writeFd(fd uintptr, b []byte) int32 {
	total := int32(0)
	for len(b) != 0 {
		vec := iovec{base: uint32(uintptr(unsafe.Pointer(unsafe.SliceData(b)))), size: uint32(len(b))}
		written := uint32(0)
		if fd_write(int32(fd), unsafe.Pointer(&vec), 1, &written) != 0 || written == 0 {
			break
		}
		total += int32(written)
		b = b[written:]
	}
	return total
}

//go:linkname nanotime
func nanotime() int64 {
	var now uint64
	if clock_time_get(clockMonotonic, 1, &now) != 0 {
		throw("clock_time_get failed")
	}
	return int64(now)
}

func walltime() (sec int64, nsec int32) {
	var now uint64
	if clock_time_get(clockRealtime, 1, &now) != 0 {
		throw("clock_time_get failed")
	}
	return int64(now / 1e9), int32(now % 1e9)
}

func readRandom(b []byte) {
	if random_get(unsafe.SliceData(b), uint32(len(b))) != 0 {
		throw("random_get failed")
	}
}

// memoryGrown is for hosts that must be told.
func memoryGrown() {}

func readArguments() {
	var count, size uint32
	if args_sizes_get(&count, &size) != 0 {
		throw("args_sizes_get failed")
	}
	// Some hosts refuse to give nothing.
	if count != 0 {
		pointers, buf := make([]uint32, count), make([]byte, size)
		if args_get(&pointers[0], &buf[0]) != 0 {
			throw("args_get failed")
		}
		arguments = hostStrings(pointers)
		KeepAlive(buf)
	}
	if environ_sizes_get(&count, &size) != 0 {
		throw("environ_sizes_get failed")
	}
	if count != 0 {
		pointers, buf := make([]uint32, count), make([]byte, size)
		if environ_get(&pointers[0], &buf[0]) != 0 {
			throw("environ_get failed")
		}
		environment = hostStrings(pointers)
		KeepAlive(buf)
	}
}

// hostStrings copies strings that end with zero bytes.
func hostStrings(pointers []uint32) []string {
	list := make([]string, len(pointers))
	for i, p := range pointers {
		list[i] = gostring((*byte)(unsafe.Pointer(uintptr(p))))
	}
	return list
}

// atIdle: a command whose goroutines all wait, with nothing to wait for, is stuck.
func atIdle() {
	if !exited {
		deadlocked()
	}
}

// idle waits until a goroutine can run. It reports false if that will never be.
func idle() bool {
	for {
		next := runDueTimers()
		if runNext != nil || runQueue.head != nil {
			return true
		}
		if next == 0 && pollWaiters == 0 {
			return false
		}
		pollUntil(next)
		if runNext != nil || runQueue.head != nil {
			return true
		}
	}
}

// pollHost looks for what has happened meanwhile, now and then.
func pollHost() {
	hostTurn++
	if hostTurn&7 != 0 {
		return
	}
	runDueTimers()
	if hostTurn&63 == 0 && pollWaiters != 0 {
		pollUntil(-1)
	}
}

var hostTurn uint32
