package phone_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/app/bus"
	"gocommunicator/app/config"
	"gocommunicator/app/phone"
	"gocommunicator/sipcore/siptest"
)

// offer is a description that can be answered.
var (
	offer   = siptest.Body("application/sdp", head+lines("audio", "0"))
	picture = siptest.Body("application/sdp", head+lines("audio", "0")+lines("video", "96\r\na=rtpmap:96 VP8/90000"))
)

const head = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"

func lines(kind, codec string) string {
	return "m=" + kind + " 9 UDP/TLS/RTP/SAVPF " + strings.Join([]string{
		codec, "c=IN IP4 0.0.0.0", "a=rtcp-mux", "a=mid:" + kind, "a=sendrecv",
		"a=ice-ufrag:abcd", "a=ice-pwd:abcdefghijklmnopqrstuvwx",
		"a=fingerprint:sha-256 " + strings.Repeat("AA:", 31) + "AA", "a=setup:actpass",
	}, "\r\n") + "\r\n"
}

// caller sets the caller.
func caller(uri string) siptest.Mod {
	return func(m sip.Message) { m.From().Address, m.From().DisplayName = siptest.URI(uri), "" }
}

// settled is a phone with settings, and with what its bus tells.
func settled(t *testing.T, settings string) (s *scripted, histories chan phone.History) {
	t.Helper()
	layer, err := config.ParseLayer("test", []byte(settings))
	if err != nil {
		t.Fatal(err)
	}
	histories = make(chan phone.History, 100)
	s = newScriptedWith(t, nil, layer, func(b *bus.Bus) {
		bus.Subscribe(b, func(h phone.History) { histories <- h })
	})
	return s, histories
}

// latest is the last of what was told so far.
func latest[T any](events chan T) (last T) {
	synctest.Wait()
	for len(events) > 0 {
		last = <-events
	}
	return last
}

const (
	anonymous = "sip:anonymous@anonymous.invalid"
	// everything is set that keeps a call from ringing.
	everything = `{"session": {"reject_anonymous": true, "forward_always": "carol", "forward_busy": "carol", "max_calls": 1, "call_waiting": false}}`
)

func TestWhatIsDoneWithACallByItself(t *testing.T) {
	for _, test := range []struct {
		name, settings string
		dnd            bool
		busy           bool // there is a call
		from           string
		headers        []string // name, value, …
		code           int      // of the first response
		contact        string   // of it
		missed         bool     // the history has it as missed
	}{
		{name: "it rings", code: 180},
		{name: "do not disturb", dnd: true, code: 486, missed: true},
		{name: "do not disturb with a code of choice", settings: `{"session": {"dnd_code": 480}}`, dnd: true, code: 480, missed: true},
		{name: "call waiting", busy: true, code: 180},
		{name: "no call waiting", settings: `{"session": {"call_waiting": false}}`, busy: true, code: 486, missed: true},
		{name: "no call waiting, no call", settings: `{"session": {"call_waiting": false}}`, code: 180},
		{name: "as many calls as there may be", settings: `{"session": {"max_calls": 1}}`, busy: true, code: 486, missed: true},
		{name: "forwarded always", settings: `{"session": {"forward_always": "carol"}}`, code: 302, contact: "<sip:carol@example.test>"},
		{name: "forwarded to a telephone", settings: `{"session": {"forward_always": "tel:+49 30 123"}}`, code: 302, contact: "<sip:+4930123@example.test;user=phone>"},
		{name: "forwarded before it could disturb", settings: `{"session": {"forward_always": "carol@x.test"}}`, dnd: true, code: 302, contact: "<sip:carol@x.test>"},
		{name: "forwarded when busy", settings: `{"session": {"forward_busy": "carol", "max_calls": 1}}`, busy: true, code: 302, contact: "<sip:carol@example.test>"},
		{name: "forwarded in a call", settings: `{"session": {"forward_busy": "carol", "call_waiting": false}}`, busy: true, code: 302, contact: "<sip:carol@example.test>"},
		{name: "forwarded when busy, not busy", settings: `{"session": {"forward_busy": "carol", "max_calls": 1}}`, code: 180},
		{name: "forwarded to ourselves", settings: `{"session": {"forward_always": "alice"}}`, code: 180},
		{name: "forwarded to nonsense", settings: `{"session": {"forward_always": "javascript:alert(1)"}}`, code: 180},
		{name: "anonymous", from: anonymous, code: 180},
		{name: "anonymous, refused", settings: `{"session": {"reject_anonymous": true}}`, from: anonymous, code: 433},
		{name: "anonymous, refused rather than forwarded", settings: `{"session": {"reject_anonymous": true, "forward_always": "carol"}}`, from: anonymous, code: 433},
		{
			name: "anonymous to us, not to the server", settings: `{"session": {"reject_anonymous": true, "trust_identity": true}}`, from: anonymous,
			headers: []string{"P-Asserted-Identity", "<sip:bob@example.test>"}, code: 180,
		},
		{
			name: "anonymous, with an identity that is not trusted", settings: `{"session": {"reject_anonymous": true}}`, from: anonymous,
			headers: []string{"P-Asserted-Identity", "<sip:bob@example.test>"}, code: 433,
		},

		{name: "emergency number calls back", settings: everything, dnd: true, busy: true, from: "sip:112@example.test", code: 180},
		{name: "emergency number as a telephone", settings: everything, dnd: true, busy: true, from: "tel:911", code: 180},
		{name: "emergency", settings: everything, dnd: true, busy: true, from: anonymous, headers: []string{"Priority", "emergency"}, code: 180},
		{name: "emergency service calls back", settings: everything, dnd: true, busy: true, headers: []string{"Priority", "psap-callback"}, code: 180},
		{name: "urgent is no emergency", settings: `{}`, dnd: true, headers: []string{"Priority", "urgent"}, code: 486, missed: true},
		{name: "other emergency numbers", settings: `{"dialing": {"emergency_numbers": ["110"]}}`, dnd: true, from: "sip:112@example.test", code: 486, missed: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if test.settings == "" {
					test.settings = "{}"
				}
				s, histories := settled(t, test.settings)
				if test.busy {
					s.peer.Request(sip.INVITE, "sip:alice@example.test", offer, caller("sip:112@example.test"))
					s.peer.ExpectResponse(sip.INVITE, 180)
				}
				s.SetDND(test.dnd)
				mods := []siptest.Mod{offer}
				if test.from != "" {
					mods = append(mods, caller(test.from))
				}
				for i := 0; i < len(test.headers); i += 2 {
					mods = append(mods, siptest.Header(test.headers[i], test.headers[i+1]))
				}
				latest(s.calls)
				invite := s.peer.Request(sip.INVITE, "sip:alice@example.test", mods...)
				res := s.peer.ExpectResponse(sip.INVITE, test.code)
				if test.code == 180 {
					if c := latest(s.calls); c.State != phone.Incoming {
						t.Errorf("it does not ring: %+v", c)
					}
					return
				}
				s.peer.Ack(invite, res)
				if c := latest(s.calls); c.ID != "" {
					t.Errorf("it is told of: %+v", c)
				}
				if test.contact != "" && res.Contact().Value() != test.contact {
					t.Errorf("Contact: %s", res.Contact().Value())
				}
				h := latest(histories)
				if len(h.Calls) != 1 || h.Calls[0].Missed() != test.missed {
					t.Errorf("history: %+v", h.Calls)
				}
			})
		})
	}
}

func TestThereIsABoundToEmergencies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := settled(t, `{"session": {"max_calls": 2}}`)
		for _, code := range []int{180, 180, 180, 180, 486} {
			s.peer.Request(sip.INVITE, "sip:alice@example.test", offer, siptest.Header("Priority", "emergency"))
			s.peer.ExpectResponse(sip.INVITE, code)
		}
	})
}

func TestCallIsForwardedWhenItHasRungForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, histories := settled(t, `{"session": {"forward_no_answer": "carol", "forward_after": 10}}`)
		invite := s.peer.Request(sip.INVITE, "sip:alice@example.test", offer)
		s.peer.ExpectResponse(sip.INVITE, 180)
		time.Sleep(10*time.Second - 2*s.peer.Quiet)
		s.peer.ExpectNone()
		res := s.peer.ExpectResponse(sip.INVITE, 302)
		s.peer.Ack(invite, res)
		if d := res.GetHeader("Diversion").Value(); res.Contact().Value() != "<sip:carol@example.test>" || !strings.Contains(d, "no-answer") {
			t.Errorf("%s", res)
		}
		if c := latest(s.calls); c.State != phone.Ended || c.Cause == nil || c.Cause.Code != 302 {
			t.Errorf("%+v", c)
		}
		if h := latest(histories); len(h.Calls) != 1 || h.Calls[0].Missed() {
			t.Errorf("%+v", h)
		}
	})
}

func TestCallThatIsTurnedDownIsNotForwarded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := settled(t, `{"session": {"forward_no_answer": "carol", "forward_after": 10}}`)
		invite := s.peer.Request(sip.INVITE, "sip:alice@example.test", offer)
		s.peer.ExpectResponse(sip.INVITE, 180)
		if err := s.Reject("", 603); err != nil {
			t.Fatal(err)
		}
		s.peer.Ack(invite, s.peer.ExpectResponse(sip.INVITE, 603))
		time.Sleep(time.Minute)
		s.peer.ExpectNone()
	})
}

// A call that the phone answers is announced one second before. Here there is no microphone:
// that it was answered is seen by its end.
func TestCallsAreAnsweredByThePhone(t *testing.T) {
	const trusting = `"trusted_callers": ["bob@example.test", "trusted.test"]`
	for _, test := range []struct {
		name, session, from string
		headers             []string
		busy                bool
		after               time.Duration // 0: never
		muted, video        bool
	}{
		{name: "off"},
		{name: "off, asked by a stranger", headers: []string{"Call-Info", "<sip:x>;answer-after=0"}},
		{name: "off, asked", session: trusting, headers: []string{"Call-Info", "<sip:x>;answer-after=5"}, after: 5 * time.Second, muted: true},
		{name: "at once is not before the tone", session: trusting, headers: []string{"Alert-Info", "<sip:x>;info=alert-autoanswer"}, after: time.Second, muted: true},
		{name: "off, asked by somebody of a domain", session: trusting, from: "sip:zoe@trusted.test", headers: []string{"Answer-Mode", "Auto"}, after: time.Second, muted: true},
		{name: "off, asked by another of the domain of one", session: trusting, from: "sip:zoe@example.test", headers: []string{"Answer-Mode", "Auto"}},
		{name: "with the microphone", session: trusting + `, "intercom_muted": false`, headers: []string{"Alert-Info", "<sip:x>;info=intercom"}, after: time.Second},
		{name: "a name stands for one of our own", session: `"trusted_callers": "bob"`, headers: []string{"Answer-Mode", "Auto"}, after: time.Second, muted: true},
		{name: "trusted", session: trusting + `, "auto_answer": "trusted"`, after: 3 * time.Second},
		{name: "trusted, a stranger", session: trusting + `, "auto_answer": "trusted"`, from: "sip:zoe@example.test"},
		{name: "always", session: `"auto_answer": "always", "auto_answer_delay": 7`, after: 7 * time.Second},
		{name: "always, without picture", session: `"auto_answer": "always"`, headers: []string{"X-Offers", "video"}, after: 3 * time.Second},
		{name: "always, with picture", session: `"auto_answer": "always", "auto_answer_video": true`, headers: []string{"X-Offers", "video"}, after: 3 * time.Second, video: true},
		{name: "always, in a call", session: `"auto_answer": "always"`, busy: true},
		{name: "always, also in a call", session: `"auto_answer": "always", "auto_answer_in_call": true`, busy: true, after: 3 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, _ := settled(t, `{"session": {`+test.session+`}}`)
				if test.busy {
					s.peer.Request(sip.INVITE, "sip:alice@example.test", offer, caller("sip:dave@example.test"), siptest.Header("Priority", "normal"))
					s.peer.ExpectResponse(sip.INVITE, 180)
					if s.Snapshot().Calls[0].AutoAnswer {
						t.Fatal("it is answered at once")
					}
				}
				mods := []siptest.Mod{offer}
				if test.from != "" {
					mods = append(mods, caller(test.from))
				}
				for i := 0; i < len(test.headers); i += 2 {
					mods = append(mods, siptest.Header(test.headers[i], test.headers[i+1]))
				}
				if strings.Contains(strings.Join(test.headers, ""), "X-Offers") {
					mods[0] = picture
				}
				begun := time.Now()
				s.peer.Request(sip.INVITE, "sip:alice@example.test", mods...)
				s.peer.ExpectResponse(sip.INVITE, 180)
				id := latest(s.calls).ID
				var told, answered time.Duration
				for answered == 0 && time.Since(begun) < 20*time.Second {
					select {
					case c := <-s.calls:
						switch {
						case c.ID != id:
						case c.State == phone.Incoming && c.AutoAnswer && told == 0:
							told = time.Since(begun)
						case c.State == phone.Connecting && answered == 0:
							answered = time.Since(begun)
							if c.AudioMuted != test.muted || c.Video != test.video {
								t.Errorf("muted %v, video %v", c.AudioMuted, c.Video)
							}
						}
					case <-time.After(100 * time.Millisecond):
					}
				}
				if answered != test.after {
					t.Errorf("answered after %v, not %v", answered, test.after)
				}
				if test.after > time.Second && told != test.after-time.Second {
					t.Errorf("told after %v", told)
				}
			})
		})
	}
}
