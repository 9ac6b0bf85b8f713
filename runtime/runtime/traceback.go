// Walking stacks: runtime.Callers, runtime.Stack and the traces that programs die with.
//
// The frames of the running goroutine are found by stackSites, which differs by host; those that were captured tell
// their sites themselves (frames.go). At the end stands the goroutine's first function, which has no site.

package runtime

import "internal/bytealg"

// sites calls `each` with the call sites of a goroutine, innermost first, until it returns false. For the running
// goroutine it begins with the caller of sites.
func (gp *g) sites(each func(site uint32) bool) {
	if gp == curg && !stackSites(each) {
		return
	}
	for f := gp.frames; f != nil; f = f.caller {
		if f.site != noSite && !each(f.site) {
			return
		}
	}
}

// callers fills pcs with the PCs of calls, leaving out the `skip` innermost frames; 0 is the caller of callers. Inlined
// functions count as frames, so that the first PC may be in the middle of a site's functions: skipPC says how far.
func callers(skip int, pcs []uintptr) (n int) {
	gp := curg
	if gp == nil || len(pcs) == 0 {
		return 0
	}
	skip++ // callers itself
	gp.sites(func(site uint32) bool {
		frames := 0
		for p, ok := placeOfSite(site); ok; p, ok = p.calledFrom() {
			frames++
		}
		if skip >= frames {
			skip -= frames
			return true
		}
		for ; skip > 0; skip-- {
			// The outer site of an inlined call is a site of its own.
			p, _ := placeOfSite(site)
			site = p.outer - 1
		}
		pcs[n] = sitePC(site)
		n++
		return n < len(pcs)
	})
	if n == 0 && skip >= 0 && gp.entryPC != 0 {
		// Nobody tells where we are, but we are somewhere.
		pcs[0] = gp.entryPC + 1
		n = 1
	}
	return n
}

// Callers fills pc with the PCs of the calls on the goroutine's stack. 0 as skip is Callers itself.
func Callers(skip int, pc []uintptr) int {
	return callers(skip, pc)
}

// Caller reports file and line of a call on the goroutine's stack. 0 as skip is the caller of Caller.
func Caller(skip int) (pc uintptr, file string, line int, ok bool) {
	var pcs [1]uintptr
	if callers(skip+1, pcs[:]) == 0 {
		return 0, "", 0, false
	}
	p, ok := placeOf(pcs[0])
	return pcs[0], p.file, p.line, ok
}

// Stack formats a trace of the goroutine, and of all others if asked to, into buf.
func Stack(buf []byte, all bool) int {
	into := buf[:0:len(buf)]
	printInto = &into
	printGoroutine(curg, true)
	if all {
		printOtherGoroutines(curg)
	}
	printInto = nil
	return len(into)
}

func printOtherGoroutines(except *g) {
	// allgs begins with the newest.
	for id := uint64(1); id <= lastGoid; {
		var gp *g
		for other := allgs; other != nil; other = other.allLink {
			if other.id >= id && (gp == nil || other.id < gp.id) {
				gp = other
			}
		}
		if gp == nil {
			return
		}
		id = gp.id + 1
		if gp != except && (!gp.system || tracebackLevel > 1) {
			print("\n")
			printGoroutine(gp, false)
		}
	}
}

func (gp *g) statusText() string {
	switch gp.status {
	case runnable:
		return "runnable"
	case running:
		return "running"
	}
	return gp.reason.String()
}

// printGoroutine prints a goroutine's header and frames.
func printGoroutine(gp *g, current bool) {
	print("goroutine ", gp.id, " [", gp.statusText())
	if b := gp.bubble; b != nil {
		if text := gp.reason.String(); gp.status == waiting && gp.reason.durable() && text[len(text)-1] != ')' {
			print(" (durable)")
		}
	}
	if gp.locked > 0 {
		print(", locked to thread")
	}
	if gp.bubble != nil {
		print(", synctest bubble ", gp.bubble.id)
	}
	print("]:\n")
	const maxFrames = 100
	shown := 0
	// The frames of the panic itself come first and are not what the reader looks for.
	begun := !current
	gp.sites(func(site uint32) bool {
		for p, ok := placeOfSite(site); ok; p, ok = p.calledFrom() {
			name := p.function.text()
			if !begun && isRuntimeName(name) && tracebackLevel < 2 {
				continue
			}
			begun = true
			if !showFunction(p.function) {
				continue
			}
			if shown++; shown > maxFrames {
				print("...additional frames elided...\n")
				return false
			}
			printFunctionName(name)
			print("(...)\n\t", p.file, ":", p.line, "\n")
		}
		return true
	})
	if gp.startPC != 0 {
		if p, ok := placeOf(gp.startPC); ok && showFunction(p.function) {
			print("created by ")
			printFunctionName(p.function.text())
			if gp.parent != 0 {
				print(" in goroutine ", gp.parent)
			}
			print("\n\t", p.file, ":", p.line, "\n")
		}
	}
}

func isRuntimeName(name string) bool {
	const prefix = "runtime."
	return len(name) > len(prefix) && name[:len(prefix)] == prefix
}

// showFunction: of the runtime only what is exported, of wrappers nothing, unless GOTRACEBACK asks for more.
func showFunction(f *functionEntry) bool {
	if tracebackLevel > 1 {
		return true
	}
	if f.flags&functionIsWrapper != 0 {
		return false
	}
	name := f.text()
	if name == "runtime.gopanic" {
		return true
	}
	if !isRuntimeName(name) {
		return bytealg.IndexByteString(name, '.') >= 0
	}
	first := name[len("runtime.")]
	return 'A' <= first && first <= 'Z'
}

// printFunctionName prints a name with type arguments as [...].
func printFunctionName(name string) {
	if name == "runtime.gopanic" {
		print("panic")
		return
	}
	open := bytealg.IndexByteString(name, '[')
	end := len(name) - 1
	for end >= 0 && name[end] != ']' {
		end--
	}
	if open < 0 || end <= open {
		print(name)
		return
	}
	print(name[:open], "[...]", name[end+1:])
}
