package session_test

import (
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/siptest"
	"gocommunicator/sipcore/ua"
)

// claims are those of a call with these header fields.
func claims(t *testing.T, p *phone, fields ...string) session.Info {
	t.Helper()
	mods := []siptest.Mod{audio}
	for i := 0; i < len(fields); i += 2 {
		mods = append(mods, siptest.Header(fields[i], fields[i+1]))
	}
	invite := p.peer.Request(sip.INVITE, "sip:alice@example.test", mods...)
	p.peer.ExpectResponse(sip.INVITE, 180)
	s := p.incomingCall()
	info := s.Info()
	p.do(func() { s.Reject(486) })
	p.peer.Ack(invite, p.peer.ExpectResponse(sip.INVITE, 486))
	return info
}

func TestCallsThatAskToBeAnswered(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		for _, test := range []struct {
			name, value string
			after       time.Duration // -1: it does not ask
		}{
			{"Call-Info", "<sip:example.test>;answer-after=0", 0},
			{"Call-Info", "<sip:example.test>;answer-after=3;x=y", 3 * time.Second},
			{"Call-Info", "<sip:example.test>;purpose=icon, <sip:x>;Answer-After=2", 2 * time.Second},
			{"Call-Info", "<sip:example.test>;answer-after=99999", time.Minute},
			{"Call-Info", "<sip:example.test>;answer-after=soon", -1},
			{"Call-Info", "<http://example.test/alice.png>;purpose=icon", -1},
			{"Alert-Info", "<http://example.test>;info=alert-autoanswer;delay=0", 0},
			{"Alert-Info", "<sip:x>;info=Intercom", 0},
			{"Alert-Info", "<urn:alert:service:normal>", -1},
			{"Answer-Mode", "Auto", 0},
			{"Answer-Mode", "auto;require", 0},
			{"Priv-Answer-Mode", "Auto", 0},
			{"Answer-Mode", "Manual", -1},
			{"Subject", "Auto", -1},
		} {
			c := claims(t, p, test.name, test.value).Claims
			if c.AutoAnswer != (test.after >= 0) || c.AutoAnswer && c.After != test.after {
				t.Errorf("%s: %s: %v after %v", test.name, test.value, c.AutoAnswer, c.After)
			}
		}
	})
}

func TestWhoForwardedACall(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		for _, test := range []struct{ name, value, want string }{
			{"Diversion", `"Carol, the boss" <sip:carol@example.test>;reason=user-busy, <sip:dave@example.test>`, "sip:carol@example.test"},
			{"Diversion", "<tel:+4930123>;reason=unconditional", "tel:+4930123"},
			{"Diversion", "rubbish", ""},
			{"History-Info", "<sip:carol@example.test>;index=1, <sip:alice@example.test>;index=1.1;mp=1", "sip:carol@example.test"},
			{"History-Info", "<sip:dave@example.test>;index=1, <sip:carol@example.test>;index=1.1;mp=1, <sip:alice@example.test>;index=1.1.1;mp=1.1, <sip:alice@pc.test>;index=1.1.1.1;rc=1.1.1", "sip:carol@example.test"},
			{"History-Info", "<sip:alice@example.test>;index=1, <sip:alice@pc.test>;index=1.1;rc=1", ""},
			{"History-Info", "<sip:alice@example.test>;index=1.1;mp=7", ""},
		} {
			got := ""
			if f := claims(t, p, test.name, test.value).Claims.Forwarder; f != nil {
				got = f.AOR()
			}
			if got != test.want {
				t.Errorf("%s: %s: %q", test.name, test.value, got)
			}
		}
	})
}

func TestIdentityIsTheServersWhereItIsTrusted(t *testing.T) {
	const asserted = `"Carol" <sip:carol@example.test>, <tel:+4930123>`
	for trusted, want := range map[bool][3]string{
		true:  {"sip:carol@example.test", "sip:bob@example.test", "sip:bob@example.test"},
		false: {"sip:bob@example.test", "sip:bob@example.test", "sip:bob@example.test"},
	} {
		run(t, func(t *testing.T, p *phone) {
			for i, fields := range [][]string{
				{"P-Asserted-Identity", asserted},
				{"P-Asserted-Identity", asserted, "Privacy", "critical; id"},
				{"P-Asserted-Identity", "nobody <", "Privacy", "none"},
			} {
				if got := claims(t, p, fields...).Remote.AOR(); got != want[i] {
					t.Errorf("trusted %v, %q: %s", trusted, fields, got)
				}
			}
		}, func(c *ua.Config) { c.TrustIdentity = trusted })
	}
}

func TestHiddenAndUrgentCalls(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		for value, urgent := range map[string]bool{"emergency": true, " Emergency": true, "psap-callback": true, "urgent": false, "": false} {
			if got := claims(t, p, "Priority", value).Claims.Urgent; got != urgent {
				t.Errorf("Priority: %q: urgent %v", value, got)
			}
		}
	})
	for address, anonymous := range map[string]bool{
		"sip:anonymous@anonymous.invalid": true, "sip:x@Anonymous.Invalid": true,
		"sip:Anonymous@example.test": true, "sip:bob@example.test": false,
	} {
		if got := session.IsAnonymous(siptest.URI(address)); got != anonymous {
			t.Errorf("%s: anonymous %v", address, got)
		}
	}
}
