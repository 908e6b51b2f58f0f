package session_test

import (
	"errors"
	"testing"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore/sdp"
	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/siptest"
)

// inPlaceOf names a dialog of the peer with the phone, as somebody else calls it.
func inPlaceOf(d *siptest.Dialog, params string) siptest.Mod {
	return siptest.Header("Replaces", d.CallID+";to-tag="+d.RemoteTag+";from-tag="+d.LocalTag+params)
}

func (p *phone) inviteInPlace(mods ...siptest.Mod) *sip.Request {
	p.t.Helper()
	return p.peer.Request(sip.INVITE, "sip:alice@example.test", append(mods, audio)...)
}

func TestCallIsReplaced(t *testing.T) {
	for name, start := range roles {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, p *phone) {
				old, d := start(p)
				p.do(func() { old.Mute(true, false) })
				invite := p.inviteInPlace(inPlaceOf(d, ""), siptest.Header("Require", "replaces"))
				p.peer.Reply(p.peer.Expect(sip.BYE), 200)
				res := p.peer.ExpectResponse(sip.INVITE, 200)
				p.peer.Ack(invite, res)
				p.media().on(session.MediaConnected)
				p.wantState("active")
				s := p.incomingCall()
				p.do(func() {
					i := s.Info()
					if i.Replaces != old.ID() || !i.AudioMuted || old.Info().State != session.StateEnded || old.Info().Err != nil {
						t.Errorf("new %+v, old %+v", i, old.Info())
					}
					s.Hangup()
				})
				p.peer.Reply(p.peer.Expect(sip.BYE), 200)
				p.wantNothingLeft()
			})
		})
	}
}

func TestHeldCallIsReplacedByAHeldOne(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		old, d := p.established()
		p.hold(old, true)
		p.agree(p.expectOffer(sdp.SendOnly), sdp.RecvOnly)
		invite := p.inviteInPlace(inPlaceOf(d, ""), siptest.Header("Referred-By", `"Bob" <sip:bob@example.test>;cid=x`))
		p.peer.Reply(p.peer.Expect(sip.BYE), 200)
		res := p.peer.ExpectResponse(sip.INVITE, 200)
		p.wantDirection(res, sdp.SendOnly)
		p.peer.Ack(invite, res)
		p.media().on(session.MediaConnected)
		p.wantHold(true, false)
		if by := p.info().ReferredBy; by.Name != "Bob" || by.AOR() != "sip:bob@example.test" {
			t.Errorf("referred by %+v", by)
		}
		p.hold(p.incomingCall(), false)
		p.agree(p.expectOffer(sdp.SendRecv), sdp.SendRecv)
		p.wantHold(false, false)
	})
}

func TestCallBeingMadeIsReplaced(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.call(false)
		ours := p.peer.Expect(sip.INVITE)
		res := p.peer.Reply(ours, 180, siptest.ToTag("b"))
		p.wantState("ringing")
		invite := p.inviteInPlace(inPlaceOf(p.peer.Answered(ours, res), ";early-only"))
		p.peer.Reply(p.peer.Expect(sip.CANCEL), 200)
		p.peer.Ack(invite, p.peer.ExpectResponse(sip.INVITE, 200))
		p.peer.Reply(ours, 487, siptest.ToTag("b"))
		p.peer.Expect(sip.ACK)
		p.media().on(session.MediaConnected)
		p.wantState("active")
	})
}

func TestReplacesThatCannotBe(t *testing.T) {
	for name, c := range map[string]struct {
		code int
		mods func(*phone) []siptest.Mod
	}{
		"foreign dialog": {481, func(p *phone) []siptest.Mod {
			_, d := p.established()
			d.CallID = "other"
			return []siptest.Mod{inPlaceOf(d, "")}
		}},
		"tags exchanged": {481, func(p *phone) []siptest.Mod {
			_, d := p.established()
			d.LocalTag, d.RemoteTag = d.RemoteTag, d.LocalTag
			return []siptest.Mod{inPlaceOf(d, "")}
		}},
		"early only": {486, func(p *phone) []siptest.Mod {
			_, d := p.established()
			return []siptest.Mod{inPlaceOf(d, ";early-only")}
		}},
		"terminated": {603, func(p *phone) []siptest.Mod {
			_, d := p.established()
			d.Request(sip.BYE)
			p.peer.ExpectResponse(sip.BYE, 200)
			return []siptest.Mod{inPlaceOf(d, "")}
		}},
		"still ringing here": {481, func(p *phone) []siptest.Mod {
			invite := p.peer.Request(sip.INVITE, "sip:alice@example.test", audio)
			return []siptest.Mod{inPlaceOf(p.peer.Called(invite, p.peer.ExpectResponse(sip.INVITE, 180)), "")}
		}},
		"two": {400, func(p *phone) []siptest.Mod {
			_, d := p.established()
			return []siptest.Mod{inPlaceOf(d, ""), inPlaceOf(d, "")}
		}},
		"no tags": {400, func(*phone) []siptest.Mod { return []siptest.Mod{siptest.Header("Replaces", "x")} }},
		"empty":   {400, func(*phone) []siptest.Mod { return []siptest.Mod{siptest.Header("Replaces", "")} }},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, p *phone) {
				mods := c.mods(p)
				before := p.info().State
				invite := p.inviteInPlace(mods...)
				p.peer.Ack(invite, p.peer.ExpectResponse(sip.INVITE, c.code))
				p.peer.ExpectNone()
				if after := p.info().State; after != before {
					t.Errorf("the call there is went from %v to %v", before, after)
				}
			})
		})
	}
}

func TestReplacementThatHasNoDevicesLeavesTheCall(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		old, d := p.established()
		p.prepare = func(m *scriptedMedia) { m.fail["answer"] = errors.New("no microphone") }
		invite := p.inviteInPlace(inPlaceOf(d, ""))
		p.peer.Ack(invite, p.peer.ExpectResponse(sip.INVITE, 480))
		p.do(func() {
			if got := old.Info().State; got != session.StateActive {
				t.Errorf("the call replaced is %v", got)
			}
		})
	})
}
