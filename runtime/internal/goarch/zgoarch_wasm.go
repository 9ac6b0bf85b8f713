//go:build wasm

package goarch

const GOARCH = `wasm`

// One constant per architecture, as in the SDK, except that IsWasm is 0: outside the SDK's own runtime it means "hashes
// have 32 bits" and nothing else.
const (
	Is386         = 0
	IsAmd64       = 0
	IsAmd64p32    = 0
	IsArm         = 0
	IsArmbe       = 0
	IsArm64       = 0
	IsArm64be     = 0
	IsLoong64     = 0
	IsMips        = 0
	IsMipsle      = 0
	IsMips64      = 0
	IsMips64le    = 0
	IsMips64p32   = 0
	IsMips64p32le = 0
	IsPpc         = 0
	IsPpc64       = 0
	IsPpc64le     = 0
	IsRiscv       = 0
	IsRiscv64     = 0
	IsS390        = 0
	IsS390x       = 0
	IsSparc       = 0
	IsSparc64     = 0
	IsWasm        = 0
)
