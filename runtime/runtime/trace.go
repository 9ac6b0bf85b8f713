// Execution traces: there are none.

package runtime

import _ "unsafe" // for go:linkname

// StartTrace reports that tracing is not supported.
func StartTrace() error { return plainError("tracing is not supported") }

// StopTrace does nothing.
func StopTrace() {}

// ReadTrace returns nil: the trace has ended.
func ReadTrace() []byte { return nil }

//go:linkname runtime_readTrace runtime/trace.runtime_readTrace
func runtime_readTrace() []byte { return nil }

//go:linkname traceAdvance
func traceAdvance(stopTrace bool) {}

//go:linkname traceClockNow
func traceClockNow() uint64 { return uint64(nanotime()) / 64 }

//go:linkname traceClockUnitsPerSecond runtime/trace.runtime_traceClockUnitsPerSecond
func traceClockUnitsPerSecond() uint64 { return 1e9 / 64 }

//go:linkname trace_userTaskCreate runtime/trace.userTaskCreate
func trace_userTaskCreate(id, parentID uint64, taskType string) {}

//go:linkname trace_userTaskEnd runtime/trace.userTaskEnd
func trace_userTaskEnd(id uint64) {}

//go:linkname trace_userRegion runtime/trace.userRegion
func trace_userRegion(id, mode uint64, name string) {}

//go:linkname trace_userLog runtime/trace.userLog
func trace_userLog(id uint64, category, message string) {}
