// Why goroutines wait, as traces say it.

package runtime

type waitReason uint8

const (
	waitNothing waitReason = iota
	waitIO
	waitReceiveNil
	waitSendNil
	waitSelect
	waitSelectNoCases
	waitReceive
	waitSend
	waitFinalizer
	waitSemacquire
	waitSleep
	waitCond
	waitMutex
	waitRWMutexRLock
	waitRWMutexLock
	waitWaitGroup
	waitCoroutine
	waitSynctestRun
	waitSynctestWait
	waitDurableReceive
	waitDurableSend
	waitDurableSelect
	waitDurableWaitGroup
	waitSignal
)

var waitTexts = [...]string{
	waitNothing:          "waiting",
	waitIO:               "IO wait",
	waitReceiveNil:       "chan receive (nil chan)",
	waitSendNil:          "chan send (nil chan)",
	waitSelect:           "select",
	waitSelectNoCases:    "select (no cases)",
	waitReceive:          "chan receive",
	waitSend:             "chan send",
	waitFinalizer:        "finalizer wait",
	waitSemacquire:       "semacquire",
	waitSleep:            "sleep",
	waitCond:             "sync.Cond.Wait",
	waitMutex:            "sync.Mutex.Lock",
	waitRWMutexRLock:     "sync.RWMutex.RLock",
	waitRWMutexLock:      "sync.RWMutex.Lock",
	waitWaitGroup:        "sync.WaitGroup.Wait",
	waitCoroutine:        "coroutine",
	waitSynctestRun:      "synctest.Run",
	waitSynctestWait:     "synctest.Wait",
	waitDurableReceive:   "chan receive (durable)",
	waitDurableSend:      "chan send (durable)",
	waitDurableSelect:    "select (durable)",
	waitDurableWaitGroup: "sync.WaitGroup.Wait (durable)",
	waitSignal:           "syscall",
}

func (r waitReason) String() string { return waitTexts[r] }

// durable: in a synctest bubble, only the bubble itself or nobody can end such a wait.
func (r waitReason) durable() bool {
	switch r {
	case waitReceiveNil, waitSendNil, waitSelectNoCases, waitSleep, waitCond, waitDurableWaitGroup, waitCoroutine,
		waitSynctestRun, waitSynctestWait, waitDurableReceive, waitDurableSend, waitDurableSelect:
		return true
	}
	return false
}
