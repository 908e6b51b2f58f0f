// What a stripped program still has to be able to do: grow stacks, collect garbage, recover
// from a panic, and name the functions of a trace.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
)

func main() {
	fmt.Println("deep", deep(20000, nil))
	defer func() {
		fmt.Println("recovered", recover())
		_, _ = os.Stdout.Write(debug.Stack())
	}()
	fails(nil)
}

//go:noinline
func deep(n int, kept []byte) int {
	if n == 0 {
		runtime.GC()
		return len(kept)
	}
	mine := make([]byte, 64)
	return deep(n-1, mine) + len(mine) - 64
}

//go:noinline
func fails(p *int) { *p = 1 }
