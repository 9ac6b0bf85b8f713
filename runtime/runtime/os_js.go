// The host js: imports of module gojs, which GOROOT's wasm_exec.js provides, and the events that it hands back.
//
// wasm_exec.js calls run(argc, argv) once and resume() for every event: a timeout, or a call of a js.Func. What to do is
// told by the function that syscall/js gave to setEventHandler. run and resume return to the host when no goroutine can
// go on; resume may be called while an import is on the stack, and is a level of its own then (sched.go).

package runtime

import "unsafe"

//go:wasmimport gojs runtime.wasmExit
func wasmExit(code int32)

//go:wasmimport gojs runtime.wasmWrite
//go:noescape
func wasmWrite(fd uintptr, p unsafe.Pointer, n int32)

//go:wasmimport gojs runtime.resetMemoryDataView
func resetMemoryDataView()

//go:wasmimport gojs runtime.nanotime1
func nanotime1() int64

//go:wasmimport gojs runtime.walltime
func walltime() (sec int64, nsec int32)

//go:wasmimport gojs runtime.scheduleTimeoutEvent
func scheduleTimeoutEvent(ms int64) int32

//go:wasmimport gojs runtime.clearTimeoutEvent
func clearTimeoutEvent(id int32)

//go:wasmimport gojs runtime.getRandomData
//go:noescape
func getRandomData(b []byte)

//go:linkname nanotime
func nanotime() int64 { return nanotime1() }

func readRandom(b []byte) { getRandomData(b) }

func memoryGrown() { resetMemoryDataView() }

func exit(code int32) {
	wasmExit(code)
	exited = true
	unwindAll()
}

func writeFd(fd uintptr, b []byte) int32 {
	if fd > 2 {
		throw("runtime.write to fd > 2 is unsupported")
	}
	wasmWrite(fd, unsafe.Pointer(unsafe.SliceData(b)), int32(len(b)))
	return int32(len(b))
}

// Where run was told that the arguments are: argc addresses, then a zero, then the environment's, then a zero, all 8
// bytes wide.
var hostArgc, hostArgv uintptr

// jsRun is the export run.
func jsRun(argc, argv int32) {
	hostArgc, hostArgv = uintptr(uint32(argc)), uintptr(uint32(argv))
	start()
}

func readArguments() {
	p := unsafe.Pointer(hostArgv)
	for i := uintptr(0); i < hostArgc; i++ {
		arguments = append(arguments, gostring(*(**byte)(unsafe.Add(p, i*8))))
	}
	for p = unsafe.Add(p, (hostArgc+1)*8); ; p = unsafe.Add(p, 8) {
		entry := *(**byte)(p)
		if entry == nil {
			return
		}
		environment = append(environment, gostring(entry))
	}
}

var eventHandler func() bool

//go:linkname setEventHandler syscall/js.setEventHandler
func setEventHandler(fn func() bool) { eventHandler = fn }

// jsResume is the export resume.
func jsResume() {
	outer := curg
	level++
	handled := false
	startGoroutine(func() {
		if eventHandler == nil && timeout.when == 0 {
			// The host has nothing more to do, and the program cannot hear of it.
			return
		}
		if eventHandler == nil || !eventHandler() {
			// The event is the timeout that was asked for, however early it may come.
			timeout.when = 0
			clearTimeoutEvent(timeout.id)
		}
		handled = true
	})
	schedule(never)
	for !exited && !handled {
		// The host's event loop stands still until the handler has returned, so only timers can help, and nobody but
		// us can wait for them.
		if timeout.when == 0 {
			deadlocked()
		}
		for nanotime() < timeout.when {
		}
		schedule(never)
	}
	level--
	curg = outer
}

// hostReturned is called after imports that may have called back: if the program has exited meanwhile, the frames below
// must go too.
func hostReturned() {
	if exited {
		unwindAll()
	}
}

// timeout is the event that the host has been asked for.
var timeout struct {
	id   int32
	when int64
}

func atIdle() {}

// idle asks the host for an event when the next timer is due. There is nothing to do before.
func idle() bool {
	next := runDueTimers()
	if runNext != nil || runQueue.head != nil {
		return true
	}
	if next == timeout.when && next != 0 && next > nanotime() {
		return false
	}
	if timeout.when != 0 {
		clearTimeoutEvent(timeout.id)
		timeout.when = 0
	}
	if next != 0 {
		// In whole milliseconds, never too early: the host rounds as it likes.
		ms := (max(next-nanotime(), 0) + 999999) / 1000000
		timeout.id = scheduleTimeoutEvent(min(ms, 1<<31-1))
		timeout.when = next
	}
	return false
}

// pollHost runs timers that are due. Events of the host arrive only while it runs.
func pollHost() {
	hostTurn++
	if hostTurn&7 == 0 {
		runDueTimers()
	}
}

var hostTurn uint32
