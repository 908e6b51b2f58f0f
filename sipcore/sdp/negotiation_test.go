package sdp

import (
	"errors"
	"testing"
)

func TestTransitions(t *testing.T) {
	const no = State(-1)
	events := []Event{SendOffer, ReceiveOffer, SendProvisional, ReceiveProvisional, SendAnswer, ReceiveAnswer, Rollback}
	table := map[State][]State{
		Stable:            {LocalOffer, RemoteOffer, no, no, no, no, no},
		LocalOffer:        {no, no, no, RemoteProvisional, no, Stable, Stable},
		RemoteOffer:       {no, no, LocalProvisional, no, Stable, no, Stable},
		RemoteProvisional: {no, no, no, RemoteProvisional, no, Stable, Stable},
		LocalProvisional:  {no, no, LocalProvisional, no, Stable, no, Stable},
	}
	for state, row := range table {
		for i, event := range events {
			got, err := state.Next(event)
			var turn *TurnError
			switch {
			case row[i] == no && (!errors.As(err, &turn) || got != state || *turn != TurnError{state, event}):
				t.Errorf("%v, %v: got %v, %v", state, event, got, err)
			case row[i] != no && (err != nil || got != row[i]):
				t.Errorf("%v, %v: got %v, %v, want %v", state, event, got, err, row[i])
			}
		}
	}
}

func TestOfferOutOfTurnIsRefusedWithTheRightCode(t *testing.T) {
	for state, want := range map[State]int{LocalOffer: 491, RemoteProvisional: 491, RemoteOffer: 500, LocalProvisional: 500} {
		_, err := state.Next(ReceiveOffer)
		var turn *TurnError
		if !errors.As(err, &turn) || turn.Code() != want {
			t.Errorf("%v: got %v", state, err)
		}
	}
	_, err := Stable.Next(ReceiveAnswer)
	var turn *TurnError
	if !errors.As(err, &turn) || turn.Code() != 0 {
		t.Errorf("answer: got %v", err)
	}
}

func TestNegotiationKeepsWhatWasAgreed(t *testing.T) {
	one, two := parse(t, session(1, line("audio", "0"))), parse(t, session(1, line("audio", "0")))
	three := parse(t, session(2, line("audio", "0"), line("video", "1")))
	four := parse(t, session(2, line("audio", "0"), line("video", "1", "a=inactive")))
	bad := parse(t, session(2, "m=audio 9 RTP/AVP 0\r\n"))
	var n Negotiation
	steps := []struct {
		event                                Event
		d                                    *Description
		ok                                   bool
		state                                State
		local, remote, offer, provisionalNow *Description
	}{
		{SendOffer, one, true, LocalOffer, nil, nil, one, nil},
		{ReceiveAnswer, bad, false, LocalOffer, nil, nil, one, nil},
		{ReceiveProvisional, two, true, RemoteProvisional, nil, nil, one, two},
		{ReceiveOffer, three, false, RemoteProvisional, nil, nil, one, two},
		{ReceiveAnswer, two, true, Stable, one, two, nil, nil},
		{ReceiveOffer, bad, false, Stable, one, two, nil, nil},
		{ReceiveOffer, three, true, RemoteOffer, one, two, three, nil},
		{Rollback, nil, true, Stable, one, two, nil, nil},
		{ReceiveOffer, three, true, RemoteOffer, one, two, three, nil},
		{SendProvisional, four, true, LocalProvisional, one, two, three, four},
		{SendAnswer, four, true, Stable, four, three, nil, nil},
		{Rollback, nil, false, Stable, four, three, nil, nil},
	}
	for i, s := range steps {
		err := n.Apply(s.event, s.d)
		if (err == nil) != s.ok || n.State() != s.state {
			t.Fatalf("step %d, %v: %v, state %v", i, s.event, err, n.State())
		}
		if n.Local() != s.local || n.Remote() != s.remote || n.Offer() != s.offer || n.Provisional() != s.provisionalNow {
			t.Fatalf("step %d, %v: wrong descriptions", i, s.event)
		}
	}
}
