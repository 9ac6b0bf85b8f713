// From the host's call to main.main.

package runtime

import (
	"internal/runtime/exithook"
	"internal/runtime/maps"
	"unsafe"
)

// initTasks runs the initialisers of all packages in order, mainMain calls main.main. The linker makes both.
//
//go:linkname initTasks
func initTasks()

//go:linkname mainMain
func mainMain()

var (
	startedAt int64
	// The program has told the host its exit code; all that is left is to leave the stack.
	exited bool
	// Set by start before packages are initialised.
	arguments    []string
	environment  []string
	moduleIsLive bool
)

// setUp makes memory, arguments and environment usable.
func setUp() {
	initBlocks()
	initMalloc()
	startedAt = nanotime()
	maps.AlgInit()
	readArguments()
	readGOGC()
	setTraceback(gogetenv("GOTRACEBACK"))
	readDebugSettings(gogetenv("GODEBUG"))
	exithook.Gosched = Gosched
	exithook.Goid = func() uint64 { return curg.id }
	exithook.Throw = throw
}

// main is goroutine 1. Traces of all of the stack show its name.
func main() {
	initTasks()
	moduleIsLive = true
	mainMain()
	exithook.Run(0)
	exit(0)
}

// start is where a command begins: _start, or run of wasm_exec.js.
func start() {
	setUp()
	level = 1
	startGoroutine(main)
	schedule(never)
	atIdle()
}

// startLibrary is _initialize: packages are initialised and the module waits for calls.
func startLibrary() {
	setUp()
	level = 1
	done := false
	startGoroutine(func() {
		initTasks()
		moduleIsLive = true
		done = true
	})
	schedule(func() bool { return done })
	if !done && !exited {
		deadlocked()
	}
}

// callExport runs the body of a function with go:wasmexport, on a goroutine and level of its own. Other goroutines run
// as long as it does not return.
func callExport(body func()) {
	if !moduleIsLive {
		writeErrString("runtime: wasmexport function called before runtime initialization\n")
		exit(2)
	}
	outer := curg
	level++
	done := false
	startGoroutine(func() {
		body()
		done = true
	})
	schedule(func() bool { return done })
	if !done && !exited {
		deadlocked()
	}
	level--
	curg = outer
}

func startGoroutine(fn func()) {
	gp := newGoroutine(fn)
	liveCount++
	if runNext != nil {
		runQueue.push(runNext)
	}
	runNext = gp
}

func never() bool { return false }

func writeErr(b []byte) { writeFd(2, b) }

func writeErrString(s string) { printstring(s) }

// write is for package internal/godebug and for print.
//
//go:linkname write
func write(fd uintptr, p unsafe.Pointer, n int32) int32 {
	return writeFd(fd, unsafe.Slice((*byte)(p), n))
}

//go:linkname os_runtime_args os.runtime_args
func os_runtime_args() []string { return append([]string{}, arguments...) }

//go:linkname syscall_runtime_envs syscall.runtime_envs
func syscall_runtime_envs() []string { return append([]string{}, environment...) }

//go:linkname syscall_Getpagesize syscall.Getpagesize
func syscall_Getpagesize() int { return wasmPage }

//go:linkname os_sigpipe os.sigpipe
func os_sigpipe() { throw("too many writes on closed pipe") }

//go:linkname syscall_runtimeSetenv syscall.runtimeSetenv
func syscall_runtimeSetenv(key, value string) {
	if key == "GODEBUG" {
		updateDebugSettings(value)
	}
}

//go:linkname syscall_runtimeUnsetenv syscall.runtimeUnsetenv
func syscall_runtimeUnsetenv(key string) {
	if key == "GODEBUG" {
		updateDebugSettings("")
	}
}

//go:linkname syscall_runtimeClearenv syscall.runtimeClearenv
func syscall_runtimeClearenv(env map[string]int) {
	if _, ok := env["GODEBUG"]; ok {
		updateDebugSettings("")
	}
}

// gogetenv looks in the environment that the program was started with.
func gogetenv(key string) string {
	for _, entry := range environment {
		if len(entry) > len(key) && entry[len(key)] == '=' && entry[:len(key)] == key {
			return entry[len(key)+1:]
		}
	}
	return ""
}
