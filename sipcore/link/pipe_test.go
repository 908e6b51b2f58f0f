package link_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"unicode/utf8"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/link"
)

// record notes what a socket reports. It is read after synctest.Wait.
type record struct {
	messages []string
	closed   []error
}

func (r *record) events() link.SocketEvents {
	return link.SocketEvents{
		Message: func(msg []byte) { r.messages = append(r.messages, string(msg)) },
		Closed:  func(err error) { r.closed = append(r.closed, err) },
	}
}

func TestPipeDeliversInOrderAlsoWhatWasSentBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		openA, openB := link.Pipe()
		var a, b record
		sock := openA(a.events())
		var want []string
		for i := range 100 {
			msg := fmt.Sprint(i)
			want = append(want, msg)
			if err := sock.Send([]byte(msg)); err != nil {
				t.Fatal(err)
			}
		}
		openB(b.events())
		sock.Close(4000, "done")
		synctest.Wait()
		if !slices.Equal(b.messages, want) {
			t.Errorf("received %v", b.messages)
		}
		var closed *link.CloseError
		if len(b.closed) != 1 || !errors.As(b.closed[0], &closed) || *closed != (link.CloseError{Code: 4000, Reason: "done"}) {
			t.Errorf("the other end was closed with %v", b.closed)
		}
		if len(a.closed) != 1 || !errors.Is(a.closed[0], sipcore.ErrClosed) {
			t.Errorf("this end was closed with %v", a.closed)
		}
		if err := sock.Send([]byte("late")); !errors.Is(err, sipcore.ErrLinkDown) {
			t.Errorf("Send on a closed pipe gives %v", err)
		}
	})
}

func TestCloseCodeAndReasonAreMadeFitForABrowser(t *testing.T) {
	tests := []struct {
		code, want int
	}{{1000, 1000}, {1001, 1000}, {2999, 1000}, {3000, 3000}, {4999, 4999}, {5000, 1000}, {0, 1000}}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			openA, openB := link.Pipe()
			var a, b record
			sock := openA(a.events())
			openB(b.events())
			sock.Close(tt.code, strings.Repeat("ü", 100))
			synctest.Wait()
			var closed *link.CloseError
			if len(b.closed) != 1 || !errors.As(b.closed[0], &closed) {
				t.Fatalf("closed with %v", b.closed)
			}
			if closed.Code != tt.want || len(closed.Reason) > 123 || !utf8.ValidString(closed.Reason) {
				t.Errorf("%d: closed with %v", tt.code, closed)
			}
		})
	}
}
