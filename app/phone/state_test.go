package phone

import (
	"context"
	"errors"
	"testing"
	"time"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/session"
)

// Every state of a session, held or not, as a person sees it.
func TestEveryStateOfACall(t *testing.T) {
	for state, want := range map[session.State]CallState{
		session.StateCalling: Trying, session.StateRinging: Ringing, session.StateEarly: Early,
		session.StateIncoming: Incoming, session.StateAnswering: Connecting, session.StateConnecting: Connecting,
		session.StateActive: Active, session.StateEnded: Ended,
	} {
		for _, hold := range [][2]bool{{false, false}, {true, false}, {false, true}, {true, true}} {
			if hold != [2]bool{} && state == session.StateActive {
				want = Held
			}
			if got := stateOf(session.Info{State: state, LocalHold: hold[0], RemoteHold: hold[1]}); got != want {
				t.Errorf("%v, held %v: %s, want %s", state, hold, got, want)
			}
			if got := want.Final(); got != (state == session.StateEnded) {
				t.Errorf("%s is final: %v", want, got)
			}
		}
	}
}

// Every end of a call, and what the person is told of it: nothing ends a call without a
// word but somebody's hanging up.
func TestEveryEndOfACall(t *testing.T) {
	for name, c := range map[string]struct {
		err     error
		out, in CallState
		code    int // 0 for none
	}{
		"hung up":            {nil, Ended, Ended, 0},
		"given up":           {sipcore.ErrCanceled, Ended, Ended, 487},
		"busy":               {&sipcore.ResponseError{Method: "INVITE", Code: 486}, Failed, Ended, 486},
		"refresh: no answer": {sipcore.ErrTimeout, Failed, Failed, 408},
		"nobody answered":    {session.ErrNoAnswer, Failed, Failed, 408},
		"no ACK":             {session.ErrNoAck, Failed, Failed, 408},
		"no media":           {session.ErrMediaFailed, Failed, Failed, 488},
		"bad description":    {session.ErrBadDescription, Failed, Failed, 488},
		"link lost":          {sipcore.ErrLinkDown, Failed, Failed, 503},
		"fault of ours":      {errors.New("x"), Failed, Failed, 500},
		"context":            {context.Canceled, Failed, Failed, 500},
	} {
		for direction, want := range map[session.Direction]CallState{session.Outgoing: c.out, session.Incoming: c.in} {
			call := callOf(session.Info{State: session.StateEnded, Direction: direction, Err: c.err})
			code := 0
			if call.Cause != nil {
				code = call.Cause.Code
			}
			if call.State != want || code != c.code {
				t.Errorf("%s, direction %v: %s with %d, want %s with %d", name, direction, call.State, code, want, c.code)
			}
		}
	}
	// The other side knows nothing of it any more (RFC 4028 §7.4).
	gone := session.Info{State: session.StateEnded, Answered: time.Now(), Err: &sipcore.ResponseError{Method: "UPDATE", Code: 481}}
	for _, gone.Direction = range []session.Direction{session.Outgoing, session.Incoming} {
		if c := callOf(gone); c.State != Failed || c.Cause == nil || c.Cause.Code != 481 {
			t.Errorf("refresh refused, direction %v: %+v", gone.Direction, c)
		}
	}
}
