package p

func F() {}

type T struct{ X, y int }

func (T) m() {}
-- q --
package q

import "p" /* ERROR "\"p\" imported and not used" */
import other "p"
import . "p"
import _ "p"
import "nowhere" /* ERROR "could not import nowhere (no such package)" */

var p /* ERROR "p already declared through import of package p (\"p\")\n\tq.go:11:8: other declaration of p" */ int

func f() {
	F()
	other.G /* ERROR "undefined: other.G" */()
	other.f /* ERROR "undefined: other.f (but have F)" */()
	_ = other.T{}.y /* ERROR "other.T{}.y undefined (cannot refer to unexported field y)" */
	other.T{}.m /* ERROR "other.T{}.m undefined (cannot refer to unexported method m)" */()
	_ = other /* ERROR "use of package other not in selector" */
	other /* ERROR "use of package other not in selector" */ = nil
	nowhere.Anything()
}
