package media

import (
	"context"
	"testing"
	"time"

	"gocommunicator/sipcore/sdp"
)

// agree does one offer and answer.
func agree(t *testing.T, from, to *Conn) (offer, answer *sdp.Description) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	o, err := from.Offer(ctx)
	if err != nil {
		t.Fatal("offer:", err)
	}
	a, err := to.Answer(ctx, o)
	if err != nil {
		t.Fatal("answer:", err)
	}
	if err := from.Accept(ctx, a, false); err != nil {
		t.Fatal("accept:", err)
	}
	return parse(t, o), parse(t, a)
}

func parse(t *testing.T, text []byte) *sdp.Description {
	t.Helper()
	d, err := sdp.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(10 * time.Second)
	for !holds() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatal("never came:", what)
		}
	}
}
