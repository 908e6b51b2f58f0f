package session_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/siptest"
	"gocommunicator/sipcore/ua"
)

// nonsense are descriptions that make no sense, made of one that does.
var nonsense = map[string]func(good string) string{
	"200 media lines": func(good string) string {
		return good + strings.Repeat("m=video 0 UDP/TLS/RTP/SAVPF 96\r\n", 200)
	},
	"other order": func(good string) string {
		return strings.Replace(good, "m=audio", "m=video 0 UDP/TLS/RTP/SAVPF 96\r\na=mid:9\r\nm=audio", 1)
	},
	"two directions": func(good string) string {
		return strings.Replace(good, "a=sendrecv", "a=sendonly\r\na=recvonly", 1)
	},
	"no fingerprint": func(good string) string {
		at := strings.Index(good, "a=fingerprint")
		return good[:at] + "a=other" + good[at+len("a=fingerprint"):]
	},
	"no codec in common": func(good string) string {
		return strings.Replace(strings.Replace(good, "SAVPF 111 0", "SAVPF 97", 1), "rtpmap:111 opus", "rtpmap:97 speex", 1)
	},
	"no codec that is allowed": func(good string) string { return strings.Replace(good, "111 opus", "111 g7221", 1) },
	"rubbish":                  func(string) string { return "v=0\r\nrubbish" },
}

// only lets Opus and G.722 through.
func only(c *ua.Config) { c.AudioCodecs = []string{"opus", "g722"} }

func TestDescriptionsThatMakeNoSense(t *testing.T) {
	good := description("sendrecv", false)
	for name, spoil := range nonsense {
		bad := sdpBody(spoil(good))
		t.Run(name, func(t *testing.T) {
			t.Run("in the first INVITE", func(t *testing.T) {
				if name == "other order" {
					t.Skip("any order is one, to begin with")
				}
				run(t, func(t *testing.T, p *phone) {
					invite := p.peer.Request(sip.INVITE, "sip:alice@example.test", bad)
					res := p.peer.ExpectResponse(sip.INVITE, 488)
					warning := "399 "
					if strings.Contains(name, "codec") {
						warning = "305 "
					}
					if h := res.GetHeader("Warning"); h == nil || !strings.HasPrefix(h.Value(), warning) {
						t.Errorf("Warning: %v", h)
					}
					p.peer.Ack(invite, res)
					p.wantHistory("")
					p.wantNothingLeft()
				}, only)
			})
			for _, method := range []sip.RequestMethod{sip.INVITE, sip.UPDATE} {
				t.Run("in a new offer by "+string(method), func(t *testing.T) {
					run(t, func(t *testing.T, p *phone) {
						_, d := p.established()
						req := d.Request(method, bad)
						res := p.peer.ExpectResponse(method, 488)
						if method == sip.INVITE {
							p.peer.Ack(req, res)
						}
						p.wantState("active")
						if log := p.media().log(); strings.Contains(log, "answer") {
							t.Errorf("the media was asked: %s", log)
						}
						p.peer.Ack(d.Request(sip.INVITE, audio), p.peer.ExpectResponse(sip.INVITE, 200))
						p.wantState("active")
					}, only)
				})
			}
			t.Run("in the answer to the first offer", func(t *testing.T) {
				run(t, func(t *testing.T, p *phone) {
					p.call(false)
					p.peer.Reply(p.peer.Expect(sip.INVITE), 200, siptest.ToTag("b"), bad)
					p.peer.Expect(sip.ACK)
					p.peer.Reply(p.peer.Expect(sip.BYE), 200)
					p.wantState("ended")
					if err := p.info().Err; !errors.Is(err, session.ErrBadDescription) {
						t.Errorf("error %v", err)
					}
					p.wantNothingLeft()
				}, only)
			})
			t.Run("in the answer to a new offer", func(t *testing.T) {
				run(t, func(t *testing.T, p *phone) {
					s, _ := p.established()
					var came error
					p.do(func() {
						if err := s.Hold(true, func(err error) { came = err }); err != nil {
							t.Error(err)
						}
					})
					p.peer.Reply(p.peer.Expect(sip.INVITE), 200, bad)
					p.peer.Expect(sip.ACK)
					p.peer.Reply(p.peer.Expect(sip.INVITE), 200, bad) // offered once more, and no more
					p.peer.Expect(sip.ACK)
					p.wantState("active")
					p.peer.ExpectNone()
					if !errors.Is(came, session.ErrBadDescription) || p.info().LocalHold {
						t.Errorf("%v; on hold %v", came, p.info().LocalHold)
					}
					if log := p.media().log(); !strings.HasSuffix(log, "offer rollback offer rollback") {
						t.Errorf("media: %s", log)
					}
					p.do(func() { s.Renegotiate(func(err error) { came = err }) })
					p.peer.Reply(p.peer.Expect(sip.INVITE), 200, audio)
					p.peer.Expect(sip.ACK)
					if p.wantState("active"); came != nil {
						t.Errorf("the next offer: %v", came)
					}
				}, only)
			})
		})
	}
}

// Where the old state cannot be had back, the call is over.
func TestAnswerThatMakesNoSenseAndCannotBeTakenBackEndsTheCall(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s, _ := p.established()
		m := p.media()
		m.mu.Lock()
		m.fail["rollback"] = errors.New("no")
		m.mu.Unlock()
		p.do(func() { s.Renegotiate(func(error) {}) })
		p.peer.Reply(p.peer.Expect(sip.INVITE), 200, sdpBody("rubbish"))
		p.peer.Expect(sip.ACK)
		p.peer.Reply(p.peer.Expect(sip.BYE), 200)
		p.wantState("ended")
	})
}
