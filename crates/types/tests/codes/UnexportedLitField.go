package p

type T struct{ a int }
-- q --
package q

import "p"

var x = p.T{1}
