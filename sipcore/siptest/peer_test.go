package siptest_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"
	"go.uber.org/goleak"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/link"
	"gocommunicator/sipcore/siptest"
	"gocommunicator/sipcore/transact"
)

func TestMain(m *testing.M) {
	// Under js, the runtime keeps a goroutine for the browser's events.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("runtime.handleEvent"))
}

// phone is a layer that lets every request ring and answers it.
func phone(t *testing.T, p *siptest.Peer, loop *sipcore.Loop) *transact.Layer {
	t.Helper()
	return p.NewLayer(transact.Config{
		Loop: loop,
		OnRequest: func(s *transact.Server) {
			for _, code := range []int{180, 200} {
				if err := s.Respond(transact.NewResponse(s.Request(), code, "")); err != nil {
					t.Error(err)
				}
			}
		},
	})
}

// call is a conversation with that phone.
func call(p *siptest.Peer) {
	invite := p.Request(sip.INVITE, "sip:alice@example.test", siptest.Body("text/plain", "hello"))
	p.ExpectResponse(sip.INVITE, 180)
	ok := p.ExpectResponse(sip.INVITE, 200)
	p.Ack(invite, ok)
	d := p.Called(invite, ok)
	d.Request(sip.MESSAGE)
	p.ExpectResponse(sip.MESSAGE, 180)
	p.ExpectResponse(sip.MESSAGE, 200)
	p.ExpectNone()
}

func TestConversationInRealTimeAndInABubble(t *testing.T) {
	t.Run("real time", func(t *testing.T) {
		p := siptest.NewPeer(t)
		phone(t, p, nil)
		call(p)
		p.CompareTrace("conversation")
	})
	t.Run("bubble", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			p := siptest.NewPeer(t)
			phone(t, p, nil)
			call(p)
			p.CompareTrace("conversation")
		})
	})
}

func TestFaults(t *testing.T) {
	tests := []struct {
		name  string
		fault siptest.Fault
		after time.Duration
		want  int // copies that have come by then
	}{
		{"none", nil, 0, 1},
		{"drop", siptest.Drop, time.Hour, 0},
		{"duplicate", siptest.Duplicate, 0, 2},
		{"delay, too early", siptest.Delay(time.Second), time.Second - time.Millisecond, 0},
		{"delay, in time", siptest.Delay(time.Second), time.Second, 1},
		{"only another", siptest.Only("BYE ", siptest.Drop), 0, 1},
		{"only this", siptest.Only("ACK ", siptest.Drop), 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := siptest.NewPeer(t)
				loop := sipcore.NewLoop(nil)
				acks := 0
				p.NewLayer(transact.Config{Loop: loop, OnAck: func(*sip.Request) { acks++ }})
				p.FaultToPhone(tt.fault)
				p.Request(sip.ACK, "sip:alice@example.test")
				time.Sleep(tt.after)
				synctest.Wait()
				got := 0
				if err := loop.Do(t.Context(), func() { got = acks }); err != nil {
					t.Fatal(err)
				}
				if got != tt.want {
					t.Errorf("%d copies came, want %d", got, tt.want)
				}
				time.Sleep(time.Second) // what is delayed must not outlive the bubble
				loop.Close()
			})
		})
	}
}

func TestLinkOverPeerIsCutAndRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := siptest.NewPeer(t)
		loop := sipcore.NewLoop(nil)
		states := make(chan link.Status, 100)
		l, err := link.New(link.Config{
			Loop: loop, Servers: []link.Server{{URL: "ws://a"}}, Dial: p.Dialer(),
			OnMessage: func([]byte) {}, OnState: func(s link.Status) { states <- s },
		})
		if err != nil {
			t.Fatal(err)
		}
		loop.Post(l.Open)
		if url := p.ExpectDial(); url != "ws://a" {
			t.Errorf("dialled %q", url)
		}
		synctest.Wait()
		p.Refuse(true)
		p.Cut()
		p.ExpectDial()
		synctest.Wait()
		var last link.Status
		for len(states) > 0 {
			last = <-states
		}
		if last.State != link.Down || !errors.Is(last.Err, siptest.ErrRefused) {
			t.Errorf("status is %+v", last)
		}
		loop.Post(l.Close)
		loop.Close()
	})
}

func TestTraceNamesWhatIsRandom(t *testing.T) {
	p := siptest.NewPeer(t)
	phone(t, p, nil)
	req := p.Request(sip.MESSAGE, "sip:alice@example.test")
	p.ExpectResponse(sip.MESSAGE, 180)
	p.ExpectResponse(sip.MESSAGE, 200) // else the phone would still be answering when the test is over
	trace := p.Trace()
	for _, secret := range []string{
		req.Via().Params.GetOr("branch", ""), req.From().Params.GetOr("tag", ""), req.CallID().Value(),
	} {
		if strings.Contains(trace, secret) {
			t.Errorf("the trace holds %q:\n%s", secret, trace)
		}
	}
}
