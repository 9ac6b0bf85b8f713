// Contexts: values, cancellation through a tree, causes, AfterFunc, and a pipeline that stops early.
package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

type requestKey struct{}
type userKey string

var errQuota = errors.New("quota exceeded")

func values() {
	root := context.WithValue(context.Background(), requestKey{}, 17)
	child := context.WithValue(root, userKey("name"), "ines")
	shadow := context.WithValue(child, requestKey{}, 18)
	fmt.Println(child.Value(requestKey{}), shadow.Value(requestKey{}), shadow.Value(userKey("name")), child.Value("name"), root.Value(userKey("name")))
	fmt.Println(context.Background(), context.TODO(), child)
}

func tree() {
	root, cancelRoot := context.WithCancelCause(context.Background())
	left, cancelLeft := context.WithCancel(root)
	leaf, cancelLeaf := context.WithTimeoutCause(left, time.Hour, errors.New("too slow"))
	right := context.WithoutCancel(root)
	defer cancelLeaf()
	show := func(when string) {
		for _, c := range []struct {
			name string
			ctx  context.Context
		}{{"root", root}, {"left", left}, {"leaf", leaf}, {"right", right}} {
			fmt.Print(c.name, "=", c.ctx.Err(), "/", context.Cause(c.ctx), " ")
		}
		fmt.Println(when)
	}
	show("at first")
	cancelLeft()
	show("left cancelled")
	<-leaf.Done()
	cancelRoot(errQuota)
	cancelRoot(errors.New("ignored"))
	show("root cancelled")
	fmt.Println(errors.Is(context.Cause(root), errQuota), right.Done() == nil)
	late, cancelLate := context.WithDeadline(context.Background(), time.Unix(0, 0))
	defer cancelLate()
	fmt.Println(late.Err(), errors.Is(late.Err(), context.DeadlineExceeded), context.Cause(late))
}

func after() {
	ctx, cancel := context.WithCancel(context.Background())
	order := make(chan string)
	stop := context.AfterFunc(ctx, func() { order <- "after cancel" })
	stopped := context.AfterFunc(ctx, func() { order <- "must not run" })
	fmt.Println(stopped(), stopped())
	cancel()
	fmt.Println(<-order, stop())
}

// squares sends until nobody listens any more.
func squares(ctx context.Context, group *sync.WaitGroup) <-chan int {
	out := make(chan int)
	group.Add(1)
	go func() {
		defer group.Done()
		defer close(out)
		for i := 1; ; i++ {
			select {
			case out <- i * i:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

func filter(ctx context.Context, group *sync.WaitGroup, in <-chan int, keep func(int) bool) <-chan int {
	out := make(chan int)
	group.Add(1)
	go func() {
		defer group.Done()
		defer close(out)
		for n := range in {
			if !keep(n) {
				continue
			}
			select {
			case out <- n:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

func pipeline() {
	ctx, cancel := context.WithCancel(context.Background())
	var group sync.WaitGroup
	odd := filter(ctx, &group, squares(ctx, &group), func(n int) bool { return n%2 == 1 })
	for n := range filter(ctx, &group, odd, func(n int) bool { return n%3 != 0 }) {
		fmt.Print(n, " ")
		if n > 300 {
			break
		}
	}
	cancel()
	group.Wait()
	fmt.Println("stopped:", ctx.Err())
}

// own is a context that is not of package context.
type own struct {
	context.Context
	done chan struct{}
}

func (o own) Done() <-chan struct{} { return o.done }
func (o own) Err() error {
	select {
	case <-o.done:
		return errQuota
	default:
		return nil
	}
}

func main() {
	values()
	tree()
	after()
	pipeline()
	parent := own{context.Background(), make(chan struct{})}
	child, cancel := context.WithCancel(parent)
	defer cancel()
	close(parent.done)
	<-child.Done()
	fmt.Println(child.Err(), context.Cause(child))
	defer func() { fmt.Println("recovered:", recover()) }()
	context.WithValue(child, []int{}, 1)
}
