// The ends of a program: uncaught panics, fatal errors, exit.

package runtime

import (
	"internal/runtime/exithook"
	"internal/wasm"
	"unsafe"
)

// dying counts how often the end has begun.
var dying int

// fatalpanic prints a panic that nobody recovered, with those it interrupted, and exits with code 2. All are printable.
//
//go:noinline
func fatalpanic(gp *g, p *panicRecord) {
	if beginToDie() {
		printpanics(p)
		if gp.faulted {
			// Number and form are what the SDK prints on wasm, where signals have no names.
			print("[signal 0xb code=0x0 addr=0x0 pc=0x0]\n")
		}
	}
	die(gp, false)
}

// makePrintable replaces errors and Stringers by what they say, while calling methods is still possible. It reports
// whether one of them has parked: then it is to be called again when that has returned.
func makePrintable(p *panicRecord) (suspended bool) {
	for ; p != nil; p = p.link {
		if p.spoken {
			continue
		}
		p.spoken = true
		if samePanicBelow(p) {
			p.link.repanicked = true
			continue
		}
		switch p.arg.(type) {
		case error, stringer:
			if wasm.Call(p.speak) {
				return true
			}
		}
	}
	return false
}

// speak replaces the argument by what it says.
func (p *panicRecord) speak() {
	defer func() {
		const text = "panic while printing panic value"
		r := recover()
		if r == nil {
			return
		}
		if s, ok := r.(string); ok {
			throw(text + ": " + s)
		}
		throw(text + ": type " + typeString(efaceOf(&r).typ))
	}()
	switch v := p.arg.(type) {
	case error:
		p.arg = v.Error()
	case stringer:
		p.arg = v.String()
	}
}

// samePanicBelow: the deferred call has panicked again with what it recovered.
func samePanicBelow(p *panicRecord) bool {
	return p.link != nil && *efaceOf(&p.link.arg) == *efaceOf(&p.arg)
}

// printpanics prints the oldest panic first.
func printpanics(p *panicRecord) {
	if outer := p.link; outer != nil {
		printpanics(outer)
		if outer.repanicked {
			return
		}
		if !outer.goexit {
			print("\t")
		}
	}
	if p.goexit {
		return
	}
	print("panic: ")
	printpanicval(p.arg)
	switch {
	case p.recovered && p.repanicked:
		print(" [recovered, repanicked]")
	case p.recovered:
		print(" [recovered]")
	}
	print("\n")
}

// throw ends the program because something is wrong with the runtime.
//
//go:linkname throw
//go:noinline
func throw(s string) {
	if beginToDie() {
		print("fatal error: ")
		printindented(s)
		print("\n")
	}
	die(curg, true)
}

// fatal ends the program because of a mistake in it that is no panic.
//
//go:linkname fatal
//go:noinline
func fatal(s string) {
	if beginToDie() {
		if curg != nil && curg.panics != nil {
			for p := curg.panics; p != nil; p = p.link {
				if samePanicBelow(p) {
					p.link.repanicked = true
				}
			}
			printpanics(curg.panics)
			print("\t")
		}
		print("fatal error: ")
		printindented(s)
		print("\n")
	}
	die(curg, false)
}

// beginToDie reports whether it is safe to print much.
func beginToDie() bool {
	dying++
	switch dying {
	case 1:
		return true
	case 2:
		print("panic during panic\n")
	case 3:
		print("stack trace unavailable\n")
		exit(4)
	default:
		exit(5)
	}
	return false
}

// die prints traces as GOTRACEBACK asks and exits.
func die(gp *g, internal bool) {
	if tracebackLevel > 0 || internal {
		if gp != nil {
			print("\n")
			printGoroutine(gp, true)
		}
		if tracebackAll || internal || gp == nil {
			printOtherGoroutines(gp)
		}
	}
	exit(2)
}

// stackOverflow ends recursion that has gone too deep.
func stackOverflow() {
	dying++
	print("runtime: goroutine stack exceeds ", maxStack, "-byte limit\n")
	print("fatal error: stack overflow\n\n")
	if gp := curg; gp != nil {
		printGoroutine(gp, true)
	}
	exit(2)
}

// maxStack is what debug.SetMaxStack set.
var maxStack = 1000000000

//go:linkname setMaxStack runtime/debug.setMaxStack
func setMaxStack(n int) (former int) {
	former, maxStack = maxStack, n
	return former
}

// GOTRACEBACK.
var (
	tracebackLevel int32 = 1
	tracebackAll   bool
)

//go:linkname setTraceback runtime/debug.SetTraceback
func setTraceback(level string) {
	switch level {
	case "none":
		tracebackLevel, tracebackAll = 0, false
	case "single", "":
		tracebackLevel, tracebackAll = 1, false
	case "all":
		tracebackLevel, tracebackAll = 1, true
	case "system", "crash", "wer":
		tracebackLevel, tracebackAll = 2, true
	default:
		tracebackAll = true
		if n, ok := parseInt(level); ok && n >= 0 && n < 1<<31 {
			tracebackLevel = int32(n)
		}
	}
}

//go:linkname os_beforeExit os.runtime_beforeExit
func os_beforeExit(exitCode int) {
	exithook.Run(exitCode)
}

//go:linkname syscall_Exit syscall.Exit
func syscall_Exit(code int) { exit(int32(code)) }

// unwindAll leaves all wasm frames of this level after the host has been told the exit code.
func unwindAll() {
	if gp := curg; gp != nil && gp.base != nil {
		gp.exiting = true
		wasm.ThrowRecovered(unsafe.Pointer(gp.base))
	}
	wasm.Trap()
}

//go:linkname sync_throw sync.throw
func sync_throw(s string) { throw(s) }

//go:linkname sync_fatal sync.fatal
func sync_fatal(s string) { fatal(s) }

//go:linkname internal_sync_throw internal/sync.throw
func internal_sync_throw(s string) { throw(s) }

//go:linkname internal_sync_fatal internal/sync.fatal
func internal_sync_fatal(s string) { fatal(s) }

//go:linkname maps_fatal internal/runtime/maps.fatal
func maps_fatal(s string) { fatal(s) }

//go:linkname rand_fatal crypto/rand.fatal
func rand_fatal(s string) { fatal(s) }

//go:linkname sysrand_fatal crypto/internal/sysrand.fatal
func sysrand_fatal(s string) { fatal(s) }

//go:linkname fips_fatal crypto/internal/fips140.fatal
func fips_fatal(s string) { fatal(s) }

//go:linkname cgroup_throw internal/runtime/cgroup.throw
func cgroup_throw(s string) { throw(s) }
