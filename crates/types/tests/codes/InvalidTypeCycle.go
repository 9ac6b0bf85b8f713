package p

type I1 = interface /* ERROR "invalid recursive type: anonymous interface refers to itself (see https://go.dev/issue/56103)" */{ m() interface{ I2 } }
type I2 interface{ I1 }
