package p

func f() {}
-- q --
package q

import "p"

func g() { p.f /* ERROR "name f not exported by package p" */() }
