package session_test

import (
	"fmt"
	"testing"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore/sdp"
)

// holds is who holds a call.
type holds struct{ local, remote bool }

// Who holds, with each of what may come: what is offered, what is answered, and who holds
// then (RFC 3264 §8.4, RFC 6337 §5.3).
func TestEveryMoveBetweenHolds(t *testing.T) {
	const (
		weHold = iota
		weResume
		theyHold
		theyHoldInactive
		theyResume
		refused // our hold, or its end
	)
	names := [...]string{"we hold", "we resume", "they hold", "they hold with inactive", "they resume", "they refuse"}
	none, here, there, both := holds{}, holds{local: true}, holds{remote: true}, holds{true, true}
	type step struct {
		offered, answered sdp.Direction
		to                holds
	}
	quiet := step{} // nothing is sent
	table := map[holds][]step{
		none: {
			{sdp.SendOnly, sdp.RecvOnly, here},
			quiet,
			{sdp.SendOnly, sdp.RecvOnly, there},
			{sdp.Inactive, sdp.Inactive, there},
			{sdp.SendRecv, sdp.SendRecv, none},
			{sdp.SendOnly, 0, none},
		},
		here: {
			quiet,
			{sdp.SendRecv, sdp.SendRecv, none},
			{sdp.SendOnly, sdp.Inactive, both},
			{sdp.Inactive, sdp.Inactive, both},
			{sdp.SendRecv, sdp.SendOnly, here},
			{sdp.SendRecv, 0, here},
		},
		there: {
			{sdp.Inactive, sdp.Inactive, both},
			quiet,
			{sdp.SendOnly, sdp.RecvOnly, there},
			{sdp.Inactive, sdp.Inactive, there},
			{sdp.SendRecv, sdp.SendRecv, none},
			{sdp.Inactive, 0, there},
		},
		both: {
			quiet,
			{sdp.SendRecv, sdp.SendOnly, there},
			{sdp.SendOnly, sdp.Inactive, both},
			{sdp.Inactive, sdp.Inactive, both},
			{sdp.SendRecv, sdp.SendOnly, here},
			{sdp.SendRecv, 0, both},
		},
	}
	for from, row := range table {
		for event, want := range row {
			t.Run(fmt.Sprintf("%+v, %s", from, names[event]), func(t *testing.T) {
				run(t, func(t *testing.T, p *phone) {
					s, d := p.established()
					theirs := func(direction sdp.Direction) sdp.Direction {
						t.Helper()
						req := d.Request(sip.INVITE, sdpBody(description(direction.String(), false)))
						res := p.peer.ExpectResponse(sip.INVITE, 200)
						p.peer.Ack(req, res)
						return directionOf(t, res)
					}
					if from.remote {
						theirs(sdp.SendOnly)
					}
					if from.local {
						p.hold(s, true)
						p.agree(p.peer.Expect(sip.INVITE), sdp.Answer(sdp.SendOnly, sdp.RecvOnly))
						if from.remote {
							theirs(sdp.SendOnly)
						}
					}
					p.wantHold(from.local, from.remote)
					switch event {
					case theyHold, theyHoldInactive, theyResume:
						if got := theirs(want.offered); got != want.answered {
							t.Errorf("answered with %v, want %v", got, want.answered)
						}
					case refused:
						result := p.hold(s, !from.local)
						p.peer.Reply(p.expectOffer(want.offered), 488)
						p.peer.Expect(sip.ACK)
						wantResult(t, result, 488)
					default:
						result := p.hold(s, event == weHold)
						if want != quiet {
							p.agree(p.expectOffer(want.offered), want.answered)
						}
						wantResult(t, result, 0)
						p.peer.ExpectNone()
					}
					to := want.to
					if want == quiet {
						to = from
					}
					p.wantHold(to.local, to.remote)
					p.wantState("active")
				})
			})
		}
	}
}

func directionOf(t *testing.T, msg sip.Message) sdp.Direction {
	t.Helper()
	d, err := sdp.Parse(msg.Body())
	if err != nil {
		t.Fatal(err)
	}
	return d.First("audio").Direction()
}
