package methods

import "reflect"

func Call(x any, start string) int64 {
	return reflect.ValueOf(x).MethodByName(start + "Answer").Call(nil)[0].Int()
}
