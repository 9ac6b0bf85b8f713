package p

func F() {}
-- a/b-c --
package c

func G() {}
-- q --
package q

import "p" /* ERROR "\"p\" imported and not used" */
import x /* ERROR "\"p\" imported as x and not used" */ "p"
import . /* ERROR "\"p\" imported and not used" */ "p"
import "a/b-c" /* ERROR "\"a/b-c\" imported as c and not used" */
import _ "p"
