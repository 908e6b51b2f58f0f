//go:build linux

package e2e

import (
	"context"
	"strings"
	"testing"
	"time"

	"gocommunicator/app/e2e/native"
	"gocommunicator/app/e2e/server"
	"gocommunicator/sipcore/media"
	"gocommunicator/sipcore/sdp"
)

// leaping lets the time in a page be put forward, and with it all its timers.
const leaping = `(() => {
	const now = performance.now.bind(performance);
	let ahead = 0;
	performance.now = () => now() + ahead;
	window.leap = (ms) => { ahead += ms; Arbiter.publish('jsc/ua/state'); };
})();`

// leap puts the time in the page forward.
func (p *phone) leap(d time.Duration) { p.t.Helper(); p.Call("leap", d.Milliseconds()) }

// sound is what SIPp, which has none, sends and hears: native media of ours, with PCMU and no
// telephone events.
type sound struct {
	t     *testing.T
	conn  *media.Conn
	meter media.Meter
	offer string
}

const soundHertz = 1300

// newSound makes an offer.
func newSound(t *testing.T) *sound {
	t.Helper()
	s := &sound{t: t}
	engine, err := media.NewEngine(media.Config{Platform: media.Platform{
		Loopback: true, Codecs: []string{"pcmu"}, Sink: s.meter.Sink,
		Capture: func(context.Context, media.Kind) (media.Source, error) { return media.Tone(soundHertz), nil },
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(engine.Close)
	s.conn = engine.Open(media.Want{Audio: true}, media.Events{})
	offer, err := s.conn.Offer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d, err := sdp.Parse(offer)
	if err != nil {
		t.Fatal(err)
	}
	d.Media()[0].Keep([]string{"pcmu"}, nil)
	s.offer = string(d.Bytes())
	return s
}

// answer is the same as an answer.
func (s *sound) answer() string {
	return strings.ReplaceAll(s.offer, "a=setup:actpass", "a=setup:passive")
}

// answered takes the page's answer.
func (s *sound) answered(p *phone) {
	s.t.Helper()
	var answer string
	p.Evaluate(`wire.find((m) => m.startsWith('> SIP/2.0 200') && m.includes(' INVITE\r\n')).split('\r\n\r\n')[1]`, &answer)
	if err := s.conn.Accept(s.t.Context(), []byte(answer), false); err != nil {
		s.t.Fatal(err)
	}
}

// hears waits until the tone of the page is heard.
func (s *sound) hears(hertz float64) {
	s.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(45 * time.Second); s.meter.Tone(hertz) < 0.05; <-tick.C {
		if time.Now().After(deadline) {
			s.t.Fatalf("the page is heard at %.3f, in %d packets", s.meter.Tone(hertz), s.meter.Packets(media.Audio))
		}
	}
}

// wiredPage is a phone whose messages are noted and whose time can be put forward.
func wiredPage(t *testing.T, k *server.Kamailio) *phone {
	t.Helper()
	page := newPage(t, low, "alice")
	page.Before(recordWire + leaping)
	return kamailioPhone(t, page, k.WS, "alice", nil)
}

// SIPp calls: what is too brief is refused, the ringing is acknowledged, keys go both ways as
// INFO, and the page refreshes the session, by re-INVITE where UPDATE is not taken.
func TestCallOfSIPpIsRefreshedByThePage(t *testing.T) {
	k := server.StartKamailio(t)
	alice := wiredPage(t, k)
	s := newSound(t)
	bob := native.StartSIPp(t, k, "bob", native.Call{Scenario: "caller", To: alice.Address(), Offer: s.offer, Answer: s.answer()})
	alice.Rung()
	alice.wired("> SIP/2.0 422", "Min-SE: 90\r\n")
	alice.wired("> SIP/2.0 180", "Require: 100rel\r\n", "RSeq: ")
	alice.wired("> SIP/2.0 200", " PRACK\r\n")
	alice.Answer(false)
	alice.wired("> SIP/2.0 200", " INVITE\r\n")
	s.answered(alice)
	alice.Talks()
	alice.Hears(soundHertz)
	s.hears(lowTone)
	alice.shows("Received 5")
	alice.Publish("jsc/call/dtmf/send", map[string]string{"tones": "7"})
	alice.wired("< SIP/2.0 200", " INFO\r\n")
	alice.leap(46 * time.Second)
	alice.wired("> UPDATE ", "Session-Expires: 90;refresher=uac\r\n")
	alice.wired("< SIP/2.0 200", " UPDATE\r\n")
	alice.leap(46 * time.Second)
	alice.wired("< SIP/2.0 405", " UPDATE\r\n")
	alice.wired("> INVITE ", "Session-Expires: 90;refresher=uac\r\n")
	alice.wired("< SIP/2.0 200", " INVITE\r\n")
	alice.Hears(soundHertz)
	alice.Hangup()
	bob.Content()
	alice.Released()
}

// SIPp refreshes, by UPDATE and by re-INVITE; when it no longer does the call is ended.
func TestCallThatSIPpRefreshesEndsWhenItNoLongerDoes(t *testing.T) {
	k := server.StartKamailio(t)
	alice := wiredPage(t, k)
	s := newSound(t)
	bob := native.StartSIPp(t, k, "bob", native.Call{Scenario: "refresher", To: alice.Address(), Offer: s.offer, Answer: s.answer()})
	alice.Answer(false)
	alice.wired("> SIP/2.0 200", " INVITE\r\n")
	s.answered(alice)
	alice.wired("> SIP/2.0 422", " UPDATE\r\n", "Min-SE: 90\r\n")
	alice.wired("> SIP/2.0 200", " UPDATE\r\n", "Session-Expires: 90;refresher=uac\r\n")
	alice.wired("< ACK ", "CSeq: 4 ACK\r\n")
	alice.Talks()
	alice.Hears(soundHertz)
	alice.leap(50 * time.Second)
	alice.Hears(soundHertz)
	alice.leap(50 * time.Second)
	alice.wired("> BYE ")
	alice.Idle()
	bob.Content()
	alice.Released()
}

// The page calls SIPp, which demands a longer session, answers in a reliable 183 and rings
// reliably. It has no sound: the signalling is what is looked at.
func TestSIPpIsCalledAndRingsReliably(t *testing.T) {
	k := server.StartKamailio(t)
	alice := wiredPage(t, k)
	bob := native.StartSIPp(t, k, "bob", native.Call{Scenario: "called", Answer: silentAnswer})
	alice.Dial(bob.Address(), false)
	alice.wired("< SIP/2.0 422", "Min-SE: 2400\r\n")
	alice.wired("> PRACK ", "RAck: 7 ")
	alice.wired("> PRACK ", "RAck: 8 ")
	alice.state("connecting")
	alice.wired("> ACK ")
	alice.Hangup()
	bob.Content()
	alice.Released()
}

// silentAnswer is one of somebody who is nowhere: it has no candidates.
var silentAnswer = strings.Join([]string{
	"v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0",
	"m=audio 9 UDP/TLS/RTP/SAVPF 0", "c=IN IP4 127.0.0.1", "a=mid:0", "a=sendrecv", "a=rtcp-mux",
	"a=rtpmap:0 PCMU/8000", "a=ice-ufrag:sipp", "a=ice-pwd:aaaaaaaaaaaaaaaaaaaaaaaa",
	"a=fingerprint:sha-256 " + strings.Repeat("AA:", 31) + "AA", "a=setup:active", "",
}, "\r\n")
