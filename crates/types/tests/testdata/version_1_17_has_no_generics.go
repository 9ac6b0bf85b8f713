// -lang=go1.17
package p

type T[P /* ERROR "type parameter requires go1.18 or later" */ any /* ERROR "predeclared any requires go1.18 or later" */] int

func f[P /* ERROR "type parameter requires go1.18 or later" */ any /* ERROR "predeclared any requires go1.18 or later" */](P) {}

type I interface{ int /* ERROR "embedding interface element int | string requires go1.18 or later" */ | string }

var x any /* ERROR "predeclared any requires go1.18 or later" */
var y interface{ comparable /* ERROR "predeclared comparable requires go1.18 or later" */ }
var z = f[ /* ERROR "function instantiation requires go1.18 or later" */int]
