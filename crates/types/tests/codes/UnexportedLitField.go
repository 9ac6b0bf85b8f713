package p

type T struct{ a int }
-- q --
package q

import "p"

var x = p.T{1 /* ERROR "implicit assignment to unexported field a in struct literal of type p.T" */}
