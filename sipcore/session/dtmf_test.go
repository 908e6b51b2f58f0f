package session_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/siptest"
)

func TestDigitGoesOutAsInfo(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s, _ := p.established()
		var got []error
		for _, code := range []int{200, 415} {
			p.do(func() {
				if err := s.SendDigit("#", 160*time.Millisecond, func(err error) { got = append(got, err) }); err != nil {
					t.Error(err)
				}
			})
			req := p.peer.Expect(sip.INFO)
			if ct := req.ContentType(); ct == nil || ct.Value() != "application/dtmf-relay" || string(req.Body()) != "Signal=#\r\nDuration=160\r\n" {
				t.Errorf("sent %s", req)
			}
			p.peer.Reply(req, code)
			p.wantState("active")
		}
		var refused *sipcore.ResponseError
		if len(got) != 2 || got[0] != nil || !errors.As(got[1], &refused) || refused.Code != 415 {
			t.Errorf("told %v", got)
		}
	})
}

func TestNoDigitBeforeTheAnswer(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s := p.call(false)
		p.peer.Expect(sip.INVITE)
		p.do(func() {
			if err := s.SendDigit("1", time.Second, nil); !errors.Is(err, session.ErrState) {
				t.Errorf("got %v", err)
			}
		})
	})
}

func TestInfoIsTakenOrRefused(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		_, d := p.established()
		for _, tc := range []struct {
			kind, body string
			code       int
		}{
			{"application/dtmf-relay", "Signal=1\r\nDuration=160\r\n", 200},
			{"application/dtmf", "*", 200},
			{"application/media_control+xml", "<x/>", 415},
			{"application/dtmf-relay", "Signal=flash", 415},
		} {
			d.Request(sip.INFO, siptest.Body(tc.kind, tc.body))
			res := p.peer.ExpectResponse(sip.INFO, tc.code)
			if accept := res.GetHeader("Accept"); (tc.code == 415) != (accept != nil) {
				t.Errorf("%s: Accept %v", tc.kind, accept)
			}
		}
		p.do(func() {
			if p.digits != "1*" {
				t.Errorf("read %q", p.digits)
			}
		})
	})
}

func TestDigitIsReadFromBothContentTypes(t *testing.T) {
	for _, tc := range []struct {
		kind, body, digit string
	}{
		{"application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", "5"},
		{"Application/DTMF-Relay;charset=utf-8", " signal = a \nDuration= 100", "A"},
		{"application/dtmf-relay", "Duration=160\r\nSignal=*", "*"},
		{"application/dtmf", "#", "#"},
		{"application/dtmf", " d\r\n", "D"},
		{"application/dtmf", "12", ""},
		{"application/dtmf", "", ""},
		{"application/dtmf-relay", "Signal=10", ""},
		{"application/dtmf-relay", "Signal=x", ""},
		{"application/dtmf-relay", "Duration=160", ""},
		{"application/dtmf-relay", "", ""},
		{"text/plain", "5", ""},
		{"", "5", ""},
	} {
		if digit, ok := session.ParseDigit(tc.kind, []byte(tc.body)); digit != tc.digit && ok || ok != (tc.digit != "") {
			t.Errorf("%s %q: got %q %t, want %q", tc.kind, tc.body, digit, ok, tc.digit)
		}
	}
}

func FuzzParseDigit(f *testing.F) {
	f.Add("application/dtmf-relay", []byte("Signal=5\r\nDuration=160"))
	f.Add("application/dtmf", []byte("*"))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		if digit, ok := session.ParseDigit(kind, body); ok && (len(digit) != 1 || !strings.Contains(sipcore.Digits, digit)) {
			t.Errorf("%q is no digit", digit)
		}
	})
}
