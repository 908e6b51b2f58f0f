package phone

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/app/bus"
	"gocommunicator/app/config"
	"gocommunicator/sipcore/sdp"
	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/siptest"
)

// silent stands in for media: what is said is tested here.
type silent struct {
	on   func(session.MediaState)
	held bool
}

func described(d sdp.Direction) []byte {
	return []byte(strings.Join([]string{
		"v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0",
		"m=audio 9 UDP/TLS/RTP/SAVPF 111", "c=IN IP4 0.0.0.0", "a=rtpmap:111 opus/48000/2", "a=rtcp-mux", "a=mid:0",
		"a=" + d.String(), "a=ice-ufrag:abcd", "a=ice-pwd:abcdefghijklmnopqrstuvwx",
		"a=fingerprint:sha-256 " + strings.Repeat("AA:", 31) + "AA", "a=setup:actpass", "",
	}, "\r\n"))
}

func (m *silent) wanted() sdp.Direction {
	if m.held {
		return sdp.SendOnly
	}
	return sdp.SendRecv
}

func (m *silent) Offer(context.Context) ([]byte, error) { return described(m.wanted()), nil }

func (m *silent) Answer(_ context.Context, offer []byte) ([]byte, error) {
	d, err := sdp.Parse(offer)
	if err != nil {
		return nil, err
	}
	m.on(session.MediaConnected)
	return described(sdp.Answer(d.First("audio").Direction(), m.wanted())), nil
}

func (m *silent) Accept(context.Context, []byte, bool) error {
	m.on(session.MediaConnected)
	return nil
}
func (m *silent) Rollback(context.Context) error { return nil }
func (m *silent) SetMuted(bool, bool)            {}
func (m *silent) SetHold(on bool)                { m.held = on }
func (m *silent) Close()                         {}

// office is a phone without media whose calls are with a scripted peer.
type office struct {
	*Phone
	t       *testing.T
	peer    *siptest.Peer
	calls   map[string]Call // as last published
	notices []Notice
	asked   []TransferWish
	steps   []TransferState // of all transfers
}

// inOffice runs a test with a registered phone. After it nothing may be left.
func inOffice(t *testing.T, settings string, test func(*office)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		log := slog.New(slog.DiscardHandler)
		layer, err := config.ParseLayer("test", []byte(settings))
		if err != nil {
			t.Fatal(err)
		}
		cfg, problems := config.Load(nil, config.Layer{"websocket": map[string]any{"servers": "ws://example.test/sip"}}, layer)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		events := bus.New(log)
		o := &office{t: t, peer: siptest.NewPeer(t), calls: map[string]Call{}}
		o.Phone = New(Deps{Bus: events, Config: cfg, Log: log, InstanceID: "urn:uuid:00000000-0000-4000-8000-000000000000", Dial: o.peer.Dialer()})
		o.open = func(_ bool, on func(session.MediaState)) session.Media { return &silent{on: on} }
		bus.Subscribe(events, func(c Call) {
			o.calls[c.ID] = c
			if t := c.Transfer; t != nil && (len(o.steps) == 0 || o.steps[len(o.steps)-1] != t.State) {
				o.steps = append(o.steps, t.State)
			}
		})
		bus.Subscribe(events, func(n Notice) { o.notices = append(o.notices, n) })
		bus.Subscribe(events, func(w TransferWish) { o.asked = append(o.asked, w) })
		defer func() {
			o.Close()
			o.peer.Cut()
			<-o.Done()
			events.Close()
			<-events.Done()
		}()
		o.must(o.Login(Login{URI: "alice@example.test", Password: "secret"}))
		o.peer.ExpectDial()
		req := o.peer.Expect(sip.REGISTER)
		o.peer.Reply(req, 200, siptest.Header("Contact", req.Contact().Value()+";expires=7200"))
		test(o)
	})
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
	synctest.Wait()
}

func sdpOf(d sdp.Direction) siptest.Mod { return siptest.Body("application/sdp", string(described(d))) }

// talk calls somebody, who answers; so do those who are put on hold for it.
func (o *office) talk(who string) (id string, d *siptest.Dialog) {
	o.t.Helper()
	held := o.talked()
	id, err := o.Dial(Dial{To: who})
	o.must(err)
	return id, o.answer(held)
}

// talked is how many calls are not on hold.
func (o *office) talked() (n int) {
	for _, c := range o.Snapshot().Calls {
		if !c.LocalHold {
			n++
		}
	}
	return n
}

// answer answers the INVITE of a new call.
func (o *office) answer(held int) *siptest.Dialog {
	o.t.Helper()
	invite := o.newCall(held)
	res := o.peer.Reply(invite, 200, siptest.ToTag(invite.Recipient.User), sdpOf(sdp.SendRecv))
	o.peer.Expect(sip.ACK)
	synctest.Wait()
	return o.peer.Answered(invite, res)
}

// newCall waits for an INVITE, and agrees to those that put others on hold for it.
func (o *office) newCall(held int) (invite *sip.Request) {
	o.t.Helper()
	var others []*sip.Request
	for range held + 1 {
		req := o.peer.Expect(sip.INVITE)
		if req.To().Params.Has("tag") {
			others = append(others, req)
		} else {
			invite = req
		}
	}
	for _, req := range others {
		o.agree(req)
	}
	return invite
}

// offered waits for a re-INVITE and agrees to it.
func (o *office) offered(want sdp.Direction) {
	o.t.Helper()
	req := o.peer.Expect(sip.INVITE)
	d, err := sdp.Parse(req.Body())
	if err != nil || d.First("audio").Direction() != want {
		o.t.Fatalf("%v, want %v", d.First("audio").Direction(), want)
	}
	o.agree(req)
}

func (o *office) agree(req *sip.Request) {
	o.t.Helper()
	o.peer.Reply(req, 200, sdpOf(sdp.SendRecv))
	o.peer.Expect(sip.ACK)
	synctest.Wait()
}

// call is a call as last published.
func (o *office) call(id string) Call {
	synctest.Wait()
	return o.calls[id]
}

// notify tells of a transfer.
func (o *office) notify(d *siptest.Dialog, state, fragment string, code int) {
	o.t.Helper()
	d.Request(sip.NOTIFY, siptest.Header("Event", "refer"), siptest.Header("Subscription-State", state),
		siptest.Body("message/sipfrag;version=2.0", fragment))
	o.peer.ExpectResponse(sip.NOTIFY, code)
	synctest.Wait()
}

// left waits until all transactions are over, and looks whether anything else is left.
func (o *office) left(calls int) {
	o.t.Helper()
	time.Sleep(time.Minute)
	synctest.Wait()
	if err := o.loop.Do(o.t.Context(), func() {
		switch {
		case len(o.live) != calls || len(o.agent.Sessions()) != calls || o.agent.Pending() != calls:
			o.t.Errorf("%d calls, %d pending; want %d", len(o.live), o.agent.Pending(), calls)
		case calls == 0 && len(o.wishes) > 0:
			o.t.Error("something is left of a transfer")
		}
	}); err != nil {
		o.t.Fatal(err)
	}
}

// Who hides is asked to call the other one, in whichever order both are named.
func TestWhoHidesIsConnectedWithWhoDoesNot(t *testing.T) {
	inOffice(t, `{}`, func(o *office) {
		invite := o.peer.Request(sip.INVITE, "sip:alice@example.test", sdpOf(sdp.SendRecv), func(msg sip.Message) {
			msg.(*sip.Request).From().Address = siptest.URI("sip:anonymous@anonymous.invalid")
		})
		o.peer.ExpectResponse(sip.INVITE, 180)
		hidden := o.Snapshot().Calls[0].ID
		o.must(o.Answer(hidden, false))
		res := o.peer.ExpectResponse(sip.INVITE, 200)
		o.peer.Ack(invite, res)
		synctest.Wait()
		known, _ := o.talk("carol")
		o.must(o.TransferTo(known, hidden))
		refer := o.peer.Expect(sip.REFER)
		if got := refer.GetHeader("Refer-To").Value(); refer.CallID().Value() != invite.CallID().Value() || !strings.HasPrefix(got, "<sip:carol@example.test?Replaces=") {
			t.Errorf("%s", refer)
		}
		o.peer.Reply(refer, 202)
		o.notify(o.peer.Called(invite, res), "terminated", "SIP/2.0 480 Gone", 200)
		if c := o.call(hidden); c.Transfer == nil || c.Transfer.State != TransferFailed {
			t.Errorf("%+v", c)
		}
	})
}

// begin has Bob transferred to Carol as far as the REFER.
func (o *office) begin() (id string, d *siptest.Dialog, refer *sip.Request) {
	o.t.Helper()
	id, d = o.talk("bob")
	o.must(o.Transfer("", "carol"))
	if c := o.call(id); c.Transfer == nil || c.Transfer.State != TransferAsked || !c.LocalHold {
		o.t.Errorf("asked: %+v", c)
	}
	o.offered(sdp.SendOnly)
	refer = o.peer.Expect(sip.REFER)
	if h := refer.GetHeader("Refer-To"); h == nil || h.Value() != "<sip:carol@example.test>" {
		o.t.Errorf("%v", h)
	}
	return id, d, refer
}

const (
	ringing = "SIP/2.0 180 Ringing"
	ok      = "SIP/2.0 200 OK"
)

// Whatever the other side makes of a blind transfer, the call ends with it or is given back
// as it was, with a sentence.
func TestBlindTransferEndsOrIsGivenBack(t *testing.T) {
	for name, c := range map[string]struct {
		script func(o *office, d *siptest.Dialog, refer *sip.Request)
		notice string // with which the call is given back; empty: it ends
		states string // of the transfer, between asked and its end
	}{
		"done": {func(o *office, d *siptest.Dialog, refer *sip.Request) {
			o.peer.Reply(refer, 202)
			o.notify(d, "active", "SIP/2.0 100 Trying", 200)
			o.notify(d, "active", ringing, 200)
			o.notify(d, "terminated;reason=noresource", ok, 200)
		}, "", "trying ringing"},
		"done, told before the response": {func(o *office, d *siptest.Dialog, refer *sip.Request) {
			o.notify(d, "terminated", ok, 200)
			o.peer.Reply(refer, 202)
		}, "", ""},
		"done, told late": {func(o *office, d *siptest.Dialog, refer *sip.Request) {
			o.peer.Reply(refer, 202)
			time.Sleep(31 * time.Second)
			o.notify(d, "active", "SIP/2.0 100 Trying", 200)
			time.Sleep(3 * time.Minute)
			o.notify(d, "terminated", ok, 200)
		}, "", "trying"},
		"done, and taken back": {func(o *office, d *siptest.Dialog, refer *sip.Request) {
			o.peer.Reply(refer, 202)
			o.notify(d, "active", ok, 200)
			o.peer.Reply(o.peer.Expect(sip.BYE), 200)
			o.notify(d, "active", "SIP/2.0 100 Trying", 481)
		}, "", ""},
		"news of which each says to be the last": {func(o *office, d *siptest.Dialog, refer *sip.Request) {
			o.peer.Reply(refer, 202)
			o.notify(d, "terminated", "SIP/2.0 100 Trying", 200)
			o.notify(d, "terminated", ringing, 200)
			o.notify(d, "terminated", ok, 200)
		}, "", "trying ringing"},
		"no news wanted": {func(o *office, _ *siptest.Dialog, refer *sip.Request) {
			o.peer.Reply(refer, 202, siptest.Header("Refer-Sub", "false"))
		}, "", ""},
		"challenged": {func(o *office, d *siptest.Dialog, refer *sip.Request) {
			o.peer.Reply(refer, 407, siptest.Header("Proxy-Authenticate", `Digest realm="x", nonce="a"`))
			refer = o.peer.Expect(sip.REFER)
			if refer.GetHeader("Proxy-Authorization") == nil {
				o.t.Error("no credentials")
			}
			o.peer.Reply(refer, 202)
			o.notify(d, "terminated", ok, 200)
		}, "", ""},
		"BYE in the middle": {func(o *office, d *siptest.Dialog, refer *sip.Request) {
			o.peer.Reply(refer, 202)
			o.notify(d, "active", ringing, 200)
			d.Request(sip.BYE)
			o.peer.ExpectResponse(sip.BYE, 200)
			o.notify(d, "terminated", "SIP/2.0 486 Busy Here", 200)
			o.notify(d, "terminated", ok, 481)
		}, "", "ringing"},
		"BYE in place of a response": {func(o *office, d *siptest.Dialog, refer *sip.Request) {
			d.Request(sip.BYE)
			o.peer.ExpectResponse(sip.BYE, 200)
			o.peer.Reply(refer, 481)
		}, "", ""},
		"hung up in the middle": {func(o *office, d *siptest.Dialog, refer *sip.Request) {
			o.peer.Reply(refer, 202)
			o.notify(d, "active", ringing, 200)
			o.must(o.Hangup(""))
			o.peer.Reply(o.peer.Expect(sip.BYE), 200)
			o.notify(d, "terminated", "SIP/2.0 404 Not Found", 200)
		}, "", "ringing"},
		"busy": {func(o *office, d *siptest.Dialog, refer *sip.Request) {
			o.peer.Reply(refer, 202)
			o.notify(d, "active", ringing, 200)
			o.notify(d, "terminated", "SIP/2.0 486 Busy Here", 200)
		}, "error_transfer_busy", "ringing"},
		"declined": {func(o *office, d *siptest.Dialog, refer *sip.Request) {
			o.peer.Reply(refer, 202)
			o.notify(d, "terminated", "SIP/2.0 603 Decline", 200)
		}, "error_transfer_declined", ""},
		"not found": {func(o *office, d *siptest.Dialog, refer *sip.Request) {
			o.peer.Reply(refer, 202)
			o.notify(d, "terminated", "SIP/2.0 404 Not Found", 200)
		}, "error_transfer_failed", ""},
		"subscription ended without a word": {func(o *office, d *siptest.Dialog, refer *sip.Request) {
			o.peer.Reply(refer, 202)
			o.notify(d, "active", ringing, 200)
			o.notify(d, "terminated;reason=giveup", "", 200)
		}, "error_transfer_unheard", "ringing"},
		"never a NOTIFY": {func(o *office, d *siptest.Dialog, refer *sip.Request) {
			o.peer.Reply(refer, 202)
			time.Sleep(33 * time.Second)
		}, "error_transfer_unheard", ""},
		"silence after the first": {func(o *office, d *siptest.Dialog, refer *sip.Request) {
			o.peer.Reply(refer, 202)
			o.notify(d, "active", ringing, 200)
			time.Sleep(4*time.Minute + time.Second)
		}, "error_transfer_unheard", "ringing"},
		"never a response": {func(o *office, d *siptest.Dialog, refer *sip.Request) {
			time.Sleep(33 * time.Second)
		}, "error_transfer_unheard", ""},
		"method unknown": {func(o *office, _ *siptest.Dialog, refer *sip.Request) {
			o.peer.Reply(refer, 405)
		}, "error_transfer_refused", ""},
		"refused": {func(o *office, _ *siptest.Dialog, refer *sip.Request) {
			o.peer.Reply(refer, 603)
		}, "error_transfer_declined", ""},
		"password not taken": {func(o *office, _ *siptest.Dialog, refer *sip.Request) {
			for _, nonce := range []string{"a", "b"} {
				o.peer.Reply(refer, 407, siptest.Header("Proxy-Authenticate", `Digest realm="x", nonce="`+nonce+`"`))
				if nonce == "a" {
					refer = o.peer.Expect(sip.REFER)
				}
			}
		}, "error_transfer_refused", ""},
		"both at once": {func(o *office, d *siptest.Dialog, refer *sip.Request) {
			d.Request(sip.REFER, siptest.Header("Refer-To", "<sip:dave@example.test>"))
			o.peer.ExpectResponse(sip.REFER, 491)
			o.peer.Reply(refer, 491)
		}, "error_transfer_refused", ""},
	} {
		t.Run(name, func(t *testing.T) {
			inOffice(t, `{}`, func(o *office) {
				id, d, refer := o.begin()
				c.script(o, d, refer)
				synctest.Wait()
				for i, step := range strings.Fields(c.states) {
					if o.steps[i+1] != TransferState(step) {
						t.Errorf("steps %v, want %s in the middle", o.steps, c.states)
					}
				}
				if c.notice == "" {
					o.wantOver(id)
					return
				}
				o.offered(sdp.SendRecv)
				got := o.call(id)
				if got.State != Active || got.LocalHold || got.Transfer == nil || got.Transfer.State != TransferFailed {
					t.Errorf("given back: %+v, %+v", got, got.Transfer)
				}
				if len(o.notices) != 1 || o.notices[0].Code != c.notice || o.notices[0].CallID != id ||
					o.notices[0].Params["Name"] != "carol" || o.notices[0].Params["Peer"] != "bob" {
					t.Errorf("%+v, want %s", o.notices, c.notice)
				}
				o.left(1)
				o.must(o.Transfer(id, "dave")) // and again
				o.offered(sdp.SendOnly)
				o.peer.Reply(o.peer.Expect(sip.REFER), 202)
				o.notify(d, "terminated", ok, 200)
				o.wantOver(id)
			})
		})
	}
}

// wantOver waits for the end of a call, of which nothing is left.
func (o *office) wantOver(id string) {
	o.t.Helper()
	if len(o.Snapshot().Calls) == 0 && o.call(id).State == Ended {
		o.left(0)
		return
	}
	o.peer.Reply(o.peer.Expect(sip.BYE), 200)
	if c := o.call(id); c.State != Ended || c.Transfer == nil || c.Transfer.State != TransferDone || c.Cause != nil {
		o.t.Errorf("transferred: %+v, %+v", c, c.Transfer)
	}
	o.left(0)
}

func TestTransferToRubbishIsRefusedBeforeItIsSent(t *testing.T) {
	inOffice(t, `{}`, func(o *office) {
		if err := o.Transfer("", "carol"); Explain(err).Code != "error_no_call" {
			t.Errorf("without a call: %v", err)
		}
		id, _ := o.talk("bob")
		for to, code := range map[string]string{
			"":                          "error_address_empty",
			"carol@":                    "error_address_no_domain",
			"carol\r\nX: y":             "error_address_character",
			"javascript:alert(1)":       "error_address_scheme",
			"sip:carol@x?Replaces=y":    "error_address_form",
			"sip:carol@x;method=BYE":    "error_transfer_target",
			"urn:service:sos":           "error_transfer_target",
			"alice":                     "error_transfer_target",
			"sip:Alice@EXAMPLE.test":    "",
			"sip:bob@EXAMPLE.test":      "error_transfer_target",
			strings.Repeat("b", 10_000): "error_address_too_long",
		} {
			if code == "" { // another user than alice: user parts are told apart by case
				continue
			}
			if err := o.Transfer(id, to); Explain(err).Code != code {
				t.Errorf("%.30q: %v, want %s", to, err, code)
			}
		}
		for other, code := range map[string]string{id: "error_call_state", "": "error_no_call", "x": "error_no_call"} {
			if err := o.TransferTo(id, other); Explain(err).Code != code {
				t.Errorf("to call %q: %v, want %s", other, err, code)
			}
		}
		o.peer.ExpectNone()
		if c := o.call(id); c.Transfer != nil || c.State != Active {
			t.Errorf("%+v", c)
		}
		// One that rings cannot be handed over, nor can another be handed over to it.
		second, err := o.Dial(Dial{To: "carol"})
		o.must(err)
		o.peer.Reply(o.newCall(1), 180, siptest.ToTag("c"))
		for _, err := range []error{o.Transfer(second, "dave"), o.TransferTo(second, id), o.TransferTo(id, second)} {
			if Explain(err).Code != "error_call_state" {
				t.Error(err)
			}
		}
	})
}

// A call that the person held before stays held when nothing comes of the transfer.
func TestHeldCallIsGivenBackHeld(t *testing.T) {
	inOffice(t, `{}`, func(o *office) {
		id, d := o.talk("bob")
		o.must(o.Hold(id, true))
		o.offered(sdp.SendOnly)
		o.must(o.Transfer(id, "carol"))
		refer := o.peer.Expect(sip.REFER)
		if err := o.Transfer(id, "dave"); Explain(err).Code != "error_call_state" {
			t.Error(err)
		}
		o.peer.Reply(refer, 202)
		o.notify(d, "terminated", "SIP/2.0 480 Gone", 200)
		o.peer.ExpectNone()
		if c := o.call(id); !c.LocalHold || c.Transfer.State != TransferFailed {
			t.Errorf("%+v", c)
		}
	})
}

// Who talks with somebody else by then keeps doing so.
func TestCallGivenBackWhileAnotherGoesOnStaysHeld(t *testing.T) {
	inOffice(t, `{}`, func(o *office) {
		id, d, refer := o.begin()
		o.peer.Reply(refer, 202)
		other, _ := o.talk("dave")
		o.notify(d, "terminated", "SIP/2.0 486 Busy Here", 200)
		o.peer.ExpectNone()
		if c := o.call(id); !c.LocalHold || o.call(other).LocalHold || len(o.notices) != 1 {
			t.Errorf("%+v", c)
		}
	})
}

func TestHoldRefusedDoesNotStandInTheWayOfATransfer(t *testing.T) {
	inOffice(t, `{}`, func(o *office) {
		id, d := o.talk("bob")
		o.must(o.Transfer(id, "carol"))
		o.peer.Reply(o.peer.Expect(sip.INVITE), 488)
		o.peer.Expect(sip.ACK)
		o.peer.Reply(o.peer.Expect(sip.REFER), 202)
		o.notify(d, "terminated", ok, 200)
		o.wantOver(id)
	})
}

func TestAttendedTransfer(t *testing.T) {
	for name, c := range map[string]struct {
		fragment string
		carols   bool // Carol's phone ends the old call before the news come
	}{
		"done":                      {ok, false},
		"done, ended by the target": {ok, true},
		"failed":                    {"SIP/2.0 481 Call/Transaction Does Not Exist", false},
	} {
		t.Run(name, func(t *testing.T) {
			inOffice(t, `{}`, func(o *office) {
				bob, d := o.talk("bob")
				carol, dc := o.talk("carol")
				o.must(o.TransferTo(bob, carol))
				refer := o.peer.Expect(sip.REFER)
				want := "<sip:carol@example.test?Replaces=" + strings.ReplaceAll(dc.CallID, "@", "%40") +
					"%3Bto-tag%3D" + dc.LocalTag + "%3Bfrom-tag%3D" + dc.RemoteTag + ">"
				if got := refer.GetHeader("Refer-To").Value(); got != want || refer.CallID().Value() != d.CallID {
					t.Errorf("%s, want %s", got, want)
				}
				o.peer.Reply(refer, 202)
				if c.carols {
					dc.Request(sip.BYE)
					o.peer.ExpectResponse(sip.BYE, 200)
				}
				o.notify(d, "terminated", c.fragment, 200)
				if c.fragment != ok {
					o.peer.ExpectNone()
					if !o.call(bob).LocalHold || o.call(carol).LocalHold || o.notices[0].Code != "error_transfer_failed" {
						t.Errorf("%+v\n%+v\n%+v", o.call(bob), o.call(carol), o.notices)
					}
					return
				}
				if !c.carols {
					o.peer.Reply(o.peer.Expect(sip.BYE), 200)
				}
				o.wantOver(bob)
				if c := o.call(carol); c.State != Ended {
					t.Errorf("%+v", c)
				}
			})
		})
	}
}
