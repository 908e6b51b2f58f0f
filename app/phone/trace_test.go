package phone_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore/siptest"
)

func TestTraceHoldsWhatWentOverTheLinkWithoutSecrets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScripted(t)
		if err := s.Unregister(); err != nil {
			t.Fatal(err)
		}
		first := s.peer.Expect(sip.REGISTER)
		s.peer.Reply(first, 401, siptest.Header("WWW-Authenticate", `Digest realm="example.test", nonce="n1", qop="auth"`))
		again := s.peer.Expect(sip.REGISTER)
		credentials := again.GetHeader("Authorization").Value()
		_, response, found := strings.Cut(credentials, `response="`)
		if !found {
			t.Fatalf("no response in %q", credentials)
		}
		s.peer.SendRaw("SIP/2.0 nonsense\r\n\r\n")
		synctest.Wait()

		trace := s.Trace()
		if len(trace) != 6 { // REGISTER, 200, REGISTER, 401, REGISTER, nonsense
			t.Fatalf("%d messages", len(trace))
		}
		for i, m := range trace {
			if m.Sent != (i%2 == 0) || m.Faulty != (i == 5) || m.Server != "ws://example.test/sip" || m.Time.IsZero() {
				t.Errorf("message %d: %+v", i, m)
			}
			if strings.Contains(m.Text, response[:32]) {
				t.Errorf("the response of the digest stands in\n%s", m.Text)
			}
		}
		if text := trace[4].Text; !strings.Contains(text, `nonce="n1"`) || !strings.Contains(text, "•••") {
			t.Errorf("credentials:\n%s", text)
		}
		s.ClearTrace()
		if n := len(s.Trace()); n != 0 {
			t.Errorf("%d messages after clearing", n)
		}
	})
}

func TestTraceEndsWithTheLogout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScripted(t)
		s.Logout()
		s.peer.Reply(s.peer.Expect(sip.REGISTER), 200)
		synctest.Wait()
		if trace := s.Trace(); len(trace) != 0 {
			t.Errorf("left behind: %+v", trace)
		}
	})
}
