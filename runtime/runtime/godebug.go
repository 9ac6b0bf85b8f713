// GODEBUG: what the runtime itself reads of it, and what it passes on to internal/godebug.

package runtime

import _ "unsafe" // for go:linkname

// Set by the linker: the defaults of the program's Go version and its go:debug lines, what debug.ReadBuildInfo reads,
// the toolchain's version, GOROOT.
var (
	godebugDefault string
	modinfo        string
	buildVersion   string
	defaultGOROOT  string
)

var debug struct {
	panicnil       int64
	asynctimerchan int64
}

var (
	godebugUpdate       func(defaults, env string)
	godebugNewIncrement func(name string) func()
	godebugEnv          string
)

func readDebugSettings(env string) {
	godebugEnv = env
	for _, settings := range [2]string{godebugDefault, env} {
		for settings != "" {
			setting := settings
			settings = ""
			for i := range len(setting) {
				if setting[i] == ',' {
					setting, settings = setting[:i], setting[i+1:]
					break
				}
			}
			readDebugSetting(setting)
		}
	}
}

func readDebugSetting(setting string) {
	for i := range len(setting) {
		if setting[i] != '=' {
			continue
		}
		n, ok := parseInt(setting[i+1:])
		if !ok {
			return
		}
		switch setting[:i] {
		case "panicnil":
			debug.panicnil = n
		case "asynctimerchan":
			debug.asynctimerchan = n
		}
		return
	}
}

func updateDebugSettings(env string) {
	debug.panicnil, debug.asynctimerchan = 0, 0
	readDebugSettings(env)
	if godebugUpdate != nil {
		godebugUpdate(godebugDefault, env)
	}
}

// incNonDefault counts a use of behaviour that a setting asked for.
func incNonDefault(name string) {
	if godebugNewIncrement != nil {
		godebugNewIncrement(name)()
	}
}

//go:linkname godebug_setUpdate internal/godebug.setUpdate
func godebug_setUpdate(update func(string, string)) {
	godebugUpdate = update
	update(godebugDefault, godebugEnv)
}

//go:linkname godebug_setNewIncNonDefault internal/godebug.setNewIncNonDefault
func godebug_setNewIncNonDefault(newIncrement func(string) func()) {
	godebugNewIncrement = newIncrement
}

//go:linkname debug_modinfo runtime/debug.modinfo
func debug_modinfo() string { return modinfo }

// Version returns the Go version that the program's language and library are of.
func Version() string { return buildVersion }

// GOROOT returns the root of the Go tree.
func GOROOT() string {
	if s := gogetenv("GOROOT"); s != "" {
		return s
	}
	return defaultGOROOT
}

//go:linkname setCrashFD
func setCrashFD(fd uintptr) uintptr { return ^uintptr(0) }

//go:linkname setPanicOnFault runtime/debug.setPanicOnFault
func setPanicOnFault(on bool) (former bool) {
	// Faults are panics always.
	former, panicOnFault = panicOnFault, on
	return former
}

var panicOnFault bool

//go:linkname setMaxThreads runtime/debug.setMaxThreads
func setMaxThreads(n int) (former int) {
	former, maxThreads = maxThreads, n
	return former
}

var maxThreads = 10000

//go:linkname runtime_debug_WriteHeapDump runtime/debug.WriteHeapDump
func runtime_debug_WriteHeapDump(fd uintptr) {
	throw("debug.WriteHeapDump is not supported")
}

//go:linkname getAuxv
func getAuxv() []uintptr { return nil }
