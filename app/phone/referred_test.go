package phone

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore/sdp"
	"gocommunicator/sipcore/siptest"
)

// refer has the peer ask the phone to talk to somebody else.
func (o *office) refer(d *siptest.Dialog, to string, code int) {
	o.t.Helper()
	d.Request(sip.REFER, siptest.Header("Refer-To", to), siptest.Header("Referred-By", "<sip:boss@example.test>"))
	o.peer.ExpectResponse(sip.REFER, code)
	if code == 202 {
		o.told("100 Trying")
	}
}

// told waits for news of a transfer that the peer has asked for.
func (o *office) told(status string) {
	o.t.Helper()
	req := o.peer.Expect(sip.NOTIFY)
	if got := string(req.Body()); got != "SIP/2.0 "+status+"\r\n" {
		o.t.Fatalf("%q, want %s", got, status)
	}
	o.peer.Reply(req, 200)
	synctest.Wait()
}

func TestBeingTransferred(t *testing.T) {
	for name, c := range map[string]struct {
		settings string
		asked    bool
	}{
		"asked":   {`{}`, true},
		"allowed": {`{"session": {"transfer": "allow"}}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			inOffice(t, c.settings, func(o *office) {
				id, d := o.talk("bob")
				on := true
				o.must(o.Mute(id, &on, nil))
				o.refer(d, `"Carol" <sip:carol@example.test>`, 202)
				if c.asked {
					want := TransferWish{CallID: id, By: Peer{URI: "sip:bob@example.test"}, To: Peer{"sip:carol@example.test", "Carol"}}
					if len(o.asked) != 1 || o.asked[0] != want || len(o.Snapshot().Wishes) != 1 {
						t.Errorf("%+v", o.asked)
					}
					o.peer.ExpectNone()
					o.must(o.AnswerTransfer("", true))
				}
				invite := o.newCall(1)
				if invite.Recipient.User != "carol" || invite.GetHeader("Referred-By") == nil {
					t.Errorf("%s", invite)
				}
				o.peer.Reply(invite, 180, siptest.ToTag("c"))
				o.told("180 Ringing")
				res := o.peer.Reply(invite, 200, siptest.ToTag("c"), sdpOf(sdp.SendRecv))
				o.peer.Expect(sip.ACK)
				o.told("200 OK")
				o.peer.Reply(o.peer.Expect(sip.BYE), 200)
				synctest.Wait()
				calls := o.Snapshot().Calls
				if len(calls) != 1 || calls[0].State != Active || !calls[0].AudioMuted ||
					calls[0].ReferredBy == nil || calls[0].ReferredBy.URI != "sip:bob@example.test" {
					t.Fatalf("%+v", calls)
				}
				if c := o.call(id); c.State != Ended || c.Cause != nil {
					t.Errorf("%+v", c)
				}
				if n := len(o.asked); c.asked && (n != 2 || !o.asked[1].Over) || !c.asked && n > 0 || len(o.Snapshot().Wishes) > 0 {
					t.Errorf("%+v", o.asked)
				}
				o.peer.Answered(invite, res).Request(sip.BYE)
				o.peer.ExpectResponse(sip.BYE, 200)
				o.left(0)
			})
		})
	}
}

func TestNotBeingTransferred(t *testing.T) {
	for name, c := range map[string]struct {
		settings string
		script   func(o *office, id string, d *siptest.Dialog)
	}{
		"refused by the setting": {`{"session": {"transfer": "refuse"}}`, func(o *office, _ string, d *siptest.Dialog) {
			o.refer(d, "<sip:carol@example.test>", 603)
			if len(o.asked) > 0 {
				o.t.Error("the person was asked")
			}
		}},
		"refused by the person": {`{}`, func(o *office, id string, d *siptest.Dialog) {
			o.refer(d, "<sip:carol@example.test>", 202)
			o.must(o.AnswerTransfer(id, false))
			o.told("603 Decline")
			if err := o.AnswerTransfer("", true); Explain(err).Code != "error_no_call" {
				o.t.Error(err)
			}
		}},
		"not answered": {`{}`, func(o *office, _ string, d *siptest.Dialog) {
			o.refer(d, "<sip:carol@example.test>", 202)
			time.Sleep(wishTime)
			o.told("603 Decline")
		}},
		"asked twice": {`{}`, func(o *office, id string, d *siptest.Dialog) {
			o.refer(d, "<sip:carol@example.test>", 202)
			o.refer(d, "<sip:dave@example.test>", 603)
			o.must(o.AnswerTransfer(id, false))
			o.told("603 Decline")
		}},
		"to ourselves": {`{"session": {"transfer": "allow"}}`, func(o *office, _ string, d *siptest.Dialog) {
			o.refer(d, "<sip:alice@example.test>", 482)
		}},
		"the target is busy": {`{}`, func(o *office, id string, d *siptest.Dialog) {
			o.refer(d, "<sip:carol@example.test>", 202)
			o.must(o.AnswerTransfer(id, true))
			o.peer.Reply(o.newCall(1), 486, siptest.ToTag("c"))
			o.peer.Expect(sip.ACK)
			req := o.peer.Expect(sip.NOTIFY)
			if !strings.HasPrefix(string(req.Body()), "SIP/2.0 486 ") {
				o.t.Errorf("%s", req)
			}
			o.peer.Reply(req, 200)
			o.offered(sdp.SendRecv)
		}},
		"the person gives the new call up": {`{}`, func(o *office, id string, d *siptest.Dialog) {
			o.refer(d, "<sip:carol@example.test>", 202)
			o.must(o.AnswerTransfer(id, true))
			invite := o.newCall(1)
			o.peer.Reply(invite, 180, siptest.ToTag("c"))
			o.told("180 Ringing")
			for _, c := range o.Snapshot().Calls {
				if c.ID != id {
					o.must(o.Hangup(c.ID))
				}
			}
			o.peer.Reply(o.peer.Expect(sip.CANCEL), 200)
			o.peer.Reply(o.peer.Expect(sip.NOTIFY), 200)
			o.offered(sdp.SendRecv)
			o.peer.Reply(invite, 487, siptest.ToTag("c"))
			o.peer.Expect(sip.ACK)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			inOffice(t, c.settings, func(o *office) {
				id, d := o.talk("bob")
				c.script(o, id, d)
				if c := o.call(id); c.State != Active || c.LocalHold || len(o.Snapshot().Calls) != 1 || len(o.Snapshot().Wishes) > 0 {
					t.Errorf("%+v", c)
				}
				o.left(1)
			})
		})
	}
}

// Many phones hang up as soon as they have asked.
func TestTransferIsDecidedAfterTheEndOfTheCall(t *testing.T) {
	for name, accept := range map[string]bool{"accepted": true, "refused": false} {
		t.Run(name, func(t *testing.T) {
			inOffice(t, `{}`, func(o *office) {
				id, d := o.talk("bob")
				o.refer(d, "<sip:carol@example.test>", 202)
				d.Request(sip.BYE)
				o.peer.ExpectResponse(sip.BYE, 200)
				if c := o.call(id); c.State != Ended {
					t.Fatalf("%+v", c)
				}
				o.must(o.AnswerTransfer(id, accept))
				if !accept {
					o.told("603 Decline")
					o.left(0)
					return
				}
				dc := o.answer(0)
				o.peer.Reply(o.peer.Expect(sip.NOTIFY), 481)
				o.left(1)
				dc.Request(sip.BYE)
				o.peer.ExpectResponse(sip.BYE, 200)
				o.left(0)
			})
		})
	}
}

func TestHangingUpAndLoggingOutRefuse(t *testing.T) {
	for name, leave := range map[string]func(*office){
		"hung up":    func(o *office) { o.must(o.Hangup("")) },
		"logged out": func(o *office) { o.Logout(); synctest.Wait() },
	} {
		t.Run(name, func(t *testing.T) {
			inOffice(t, `{}`, func(o *office) {
				_, d := o.talk("bob")
				o.refer(d, "<sip:carol@example.test>", 202)
				leave(o)
				o.told("603 Decline")
				o.peer.Reply(o.peer.Expect(sip.BYE), 200)
				synctest.Wait()
				if n := len(o.asked); n != 2 || !o.asked[1].Over {
					t.Errorf("%+v", o.asked)
				}
			})
		})
	}
}

// A call that takes the place of another (RFC 3891) rings for nobody and is muted and held
// as that one was.
func TestCallIsTakenOver(t *testing.T) {
	inOffice(t, `{"session": {"max_calls": 1}}`, func(o *office) {
		id, d := o.talk("bob")
		on := true
		o.must(o.Mute(id, &on, nil))
		o.must(o.Hold(id, true))
		o.offered(sdp.SendOnly)
		invite := o.peer.Request(sip.INVITE, "sip:alice@example.test", sdpOf(sdp.SendRecv), siptest.Header("Referred-By", `"Bob" <sip:bob@example.test>`),
			siptest.Header("Replaces", d.CallID+";to-tag="+d.RemoteTag+";from-tag="+d.LocalTag))
		o.peer.Reply(o.peer.Expect(sip.BYE), 200)
		res := o.peer.ExpectResponse(sip.INVITE, 200)
		if got, err := sdp.Parse(res.Body()); err != nil || got.First("audio").Direction() != sdp.SendOnly {
			t.Errorf("answered with %v, %s", err, res.Body())
		}
		o.peer.Ack(invite, res)
		synctest.Wait()
		calls := o.Snapshot().Calls
		if len(calls) != 1 || calls[0].ID == id || !calls[0].LocalHold || !calls[0].AudioMuted || calls[0].Direction != In ||
			calls[0].ReferredBy == nil || *calls[0].ReferredBy != (Peer{"sip:bob@example.test", "Bob"}) {
			t.Errorf("%+v", calls)
		}
		o.must(o.Hold("", false))
		o.offered(sdp.SendRecv)
		o.left(1)
	})
}
