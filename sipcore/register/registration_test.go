package register

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
)

// registered has a phone registered for an hour, after one request.
func (p *phone) registered() {
	p.t.Helper()
	p.do(p.reg.Register)
	p.answer(200, "Contact", granted(3600))
	p.wants(Registered, 1)
}

func TestRegisterCarriesOneContactWithInstance(t *testing.T) {
	run(t, Config{Expires: 10 * time.Minute}, func(p *phone) {
		p.do(p.reg.Register)
		req := p.last().Request
		for _, want := range []string{
			"REGISTER sip:example.org SIP/2.0\r\n",
			"\r\nTo: <sip:alice@example.org>\r\n",
			"\r\nContact: <sip:tok@tok.invalid;transport=ws>;+sip.instance=\"<" + instance + ">\";expires=600\r\n",
			"\r\nExpires: 600\r\n",
		} {
			if !strings.Contains(req.String(), want) {
				t.Errorf("%q is missing in\n%s", want, req)
			}
		}
	})
}

func TestRequestsShareCallIDAndCountUp(t *testing.T) {
	run(t, Config{}, func(p *phone) {
		p.do(p.reg.Register)
		first := p.last()
		// The agent repeats it with credentials.
		p.do(func() {
			first.Request.ReplaceHeader(&sip.CSeqHeader{SeqNo: first.NextCSeq(), MethodName: sip.REGISTER})
		})
		p.answer(200, "Contact", granted(3600))
		p.sleep(time.Hour)
		second := p.last().Request
		if got := second.CSeq().SeqNo; got != 3 {
			t.Errorf("CSeq is %d, want 3", got)
		}
		if first.Request.CallID().Value() != second.CallID().Value() {
			t.Error("Call-ID changed")
		}
	})
}

func TestGrantedLifetimeIsWhatTheRegistrarSays(t *testing.T) {
	other := `<sip:bob@192.0.2.1>;expires=7`
	tests := []struct {
		name    string
		headers []string
		want    time.Duration
	}{
		{"our contact", []string{"Contact", other, "Contact", granted(120), "Expires", "900"}, 2 * time.Minute},
		{"rewritten, known by instance", []string{"Contact", other, "Contact", `<sip:x@203.0.113.5:1234>;expires=60;+SIP.Instance="<` + strings.ToUpper(instance) + `>"`}, time.Minute},
		{"parameters reordered, no instance", []string{"Contact", other, "Contact", `<sip:tok@TOK.invalid;ob;transport=WS>;q=0.5;Expires=90`}, 90 * time.Second},
		{"a former run has the same instance", []string{"Contact", strings.Replace(granted(30), "tok@tok", "old@old", 1), "Contact", granted(120)}, 2 * time.Minute},
		{"only contact, rewritten, no instance", []string{"Contact", `<sip:x@203.0.113.5>;expires=50`}, 50 * time.Second},
		{"Expires header", []string{"Contact", `<sip:tok@tok.invalid;transport=ws>`, "Expires", "200"}, 200 * time.Second},
		{"not our contact", []string{"Contact", other, "Contact", other, "Expires", "200"}, 200 * time.Second},
		{"nothing", nil, 10 * time.Minute},
		{"rubbish", []string{"Contact", `<sip:tok@tok.invalid;transport=ws>;expires=soon`, "Expires", "-1"}, 10 * time.Minute},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			run(t, Config{Expires: 10 * time.Minute}, func(p *phone) {
				p.do(p.reg.Register)
				p.answer(100)
				p.answer(200, tt.headers...)
				if got := p.wants(Registered, 1).Expires; got != tt.want {
					t.Errorf("granted %v, want %v", got, tt.want)
				}
			})
		})
	}
}

func TestOtherDevicesAreListed(t *testing.T) {
	run(t, Config{}, func(p *phone) {
		p.do(p.reg.Register)
		p.answer(200,
			"Contact", granted(3600),
			"Contact", `"Alice's desk" <sip:alice@192.0.2.7:5060>;expires=300;+sip.instance="<urn:uuid:2>"`,
			"Contact", strings.Replace(granted(30), "tok@tok", "old@old", 1))
		got := p.wants(Registered, 1).Contacts
		if len(got) != 3 || !got[0].Own || got[1].Own || !got[2].Own {
			t.Fatalf("contacts are %v", got)
		}
		desk := got[1]
		if desk.Name != "Alice's desk" || desk.URI.Host != "192.0.2.7" || desk.Expires != 5*time.Minute || desk.InstanceID != "urn:uuid:2" {
			t.Errorf("the other device is %v", desk)
		}
	})
}

func TestLongListIsCut(t *testing.T) {
	run(t, Config{}, func(p *phone) {
		p.do(p.reg.Register)
		headers := []string{"Contact", granted(60)}
		for i := range 1000 {
			headers = append(headers, "Contact", "<sip:d"+strconv.Itoa(i)+"@192.0.2.1>;expires=1")
		}
		p.answer(200, headers...)
		if s := p.wants(Registered, 1); len(s.Contacts) != maxBindings || s.Expires != time.Minute {
			t.Errorf("%d contacts, granted %v", len(s.Contacts), s.Expires)
		}
	})
}

func TestRefreshComesBeforeTheEnd(t *testing.T) {
	for _, tt := range []struct{ seconds, from, to float64 }{
		{3600, 2880, 3240}, {60, 48, 54}, {20, 15, 15}, {10, 5, 5}, {4, 2, 2}, {1, 1, 1}, {1e7, 86400, 86400},
	} {
		lifetime := time.Duration(tt.seconds * float64(time.Second))
		low, high := refreshIn(lifetime), time.Duration(0)
		for range 1000 {
			d := refreshIn(lifetime)
			low, high = min(low, d), max(high, d)
		}
		if low.Seconds() < tt.from || high.Seconds() > tt.to {
			t.Errorf("%v is refreshed after %v to %v, want %v to %v s", lifetime, low, high, tt.from, tt.to)
		}
		if tt.from < tt.to && low == high {
			t.Errorf("%v is always refreshed after %v", lifetime, low)
		}
	}
}

func TestRefreshKeepsRegistered(t *testing.T) {
	run(t, Config{}, func(p *phone) {
		p.do(p.reg.Register)
		p.answer(200, "Contact", granted(10))
		for n := 2; n < 5; n++ {
			p.sleep(4999 * time.Millisecond)
			p.wants(Registered, n-1)
			p.sleep(time.Millisecond)
			p.wants(Registered, n)
			p.answer(200, "Contact", granted(10))
		}
		if len(p.statuses) != 5 { // registering, and one for each 200
			t.Errorf("%d reports: %v", len(p.statuses), p.statuses)
		}
	})
}

func TestLongerLifetimeIsAskedForWhenTooBrief(t *testing.T) {
	run(t, Config{Expires: time.Minute}, func(p *phone) {
		p.do(p.reg.Register)
		p.answer(423, "Min-Expires", "1800")
		p.wants(Registering, 2)
		if got, _ := sipcore.Seconds(p.last().Request, "Expires"); got != 30*time.Minute {
			t.Errorf("asked for %v", got)
		}
		p.answer(200, "Contact", granted(1800))
		p.wants(Registered, 2)
	})
}

func TestTooBriefEndsInFailure(t *testing.T) {
	for name, min := range map[string]func(n int) []string{
		"without Min-Expires":    func(int) []string { return nil },
		"no more than asked for": func(int) []string { return []string{"Min-Expires", "60"} },
		"more every time":        func(n int) []string { return []string{"Min-Expires", strconv.Itoa(100 + n)} },
	} {
		t.Run(name, func(t *testing.T) {
			run(t, Config{Expires: time.Minute}, func(p *phone) {
				p.do(p.reg.Register)
				for n := range 10 {
					if p.waits() {
						p.answer(423, min(n)...)
					}
				}
				if s := p.wants(Failed, len(p.asked)); s.Cause.Code != 423 || len(p.asked) > 1+maxRaised {
					t.Errorf("cause %v after %d requests", s.Cause, len(p.asked))
				}
			})
		})
	}
}

func TestRefusalIsFinalUntilAskedAgain(t *testing.T) {
	for _, code := range []int{302, 400, 401, 403, 404, 407, 420, 501, 603} {
		t.Run(strconv.Itoa(code), func(t *testing.T) {
			run(t, Config{}, func(p *phone) {
				p.do(p.reg.Register)
				p.answer(code)
				p.sleep(24 * time.Hour)
				p.do(p.reg.LinkDown)
				p.do(p.reg.LinkUp)
				s := p.wants(Failed, 1)
				if s.Cause == nil || s.Cause.Code != code || s.RetryIn != 0 {
					t.Errorf("status is %+v", s)
				}
				p.do(p.reg.Register)
				if s := p.wants(Registering, 2); s.Cause != nil {
					t.Errorf("asked again, the cause is still %v", s.Cause)
				}
			})
		})
	}
}

func TestRefusedCredentialsAreFinal(t *testing.T) {
	run(t, Config{}, func(p *phone) {
		p.do(p.reg.Register)
		o := p.last()
		p.do(func() { o.NextCSeq() }) // a repetition that the agent gave up before sending it
		p.answer(401)
		if s := p.wants(Failed, 1); s.Cause.Code != 401 {
			t.Errorf("cause is %v", s.Cause)
		}
	})
}

func TestRefreshRefusedFails(t *testing.T) {
	run(t, Config{}, func(p *phone) {
		p.registered()
		p.sleep(time.Hour)
		p.answer(403)
		if s := p.wants(Failed, 2); s.Expires != 0 {
			t.Errorf("status is %+v", s)
		}
	})
}

func TestTroubleIsRetriedEverLater(t *testing.T) {
	for name, fail := range map[string]func(p *phone){
		"503":        func(p *phone) { p.answer(503) },
		"408":        func(p *phone) { p.answer(408) },
		"timeout":    func(p *phone) { p.fail(sipcore.ErrTimeout) },
		"link":       func(p *phone) { p.fail(sipcore.ErrLinkDown) },
		"no binding": func(p *phone) { p.answer(200, "Contact", granted(0)) },
		"older CSeq": func(p *phone) { o := p.last(); o.Request.CSeq().SeqNo--; p.answer(200, "Contact", granted(60)) },
	} {
		t.Run(name, func(t *testing.T) {
			run(t, Config{}, func(p *phone) {
				p.do(p.reg.Register)
				var last time.Duration
				for n := 1; n <= 12; n++ {
					fail(p)
					s := p.wants(Registering, n)
					if s.Cause == nil || s.RetryIn < firstRetry/2 || s.RetryIn > maxRetry {
						t.Fatalf("after %d failures: cause %v, retry in %v", n, s.Cause, s.RetryIn)
					}
					last = s.RetryIn
					p.sleep(s.RetryIn - 1)
					p.wants(Registering, n)
					p.sleep(1)
					if s := p.wants(Registering, n+1); s.RetryIn != 0 {
						t.Errorf("while asking: retry in %v", s.RetryIn)
					}
				}
				if last < maxRetry/2 {
					t.Errorf("the 12th try came after %v", last)
				}
				p.answer(200, "Contact", granted(3600))
				if s := p.wants(Registered, 13); s.Cause != nil {
					t.Errorf("registered, the cause is still %v", s.Cause)
				}
			})
		})
	}
}

func TestRetryAfterIsObeyed(t *testing.T) {
	for _, tt := range []struct {
		code  int
		value string
		want  time.Duration
	}{
		{503, "120", 2 * time.Minute},
		{480, "600 (in a meeting);duration=9", 10 * time.Minute},
		{501, "60", time.Minute},
		{503, "4294967295", maxRetryAfter},
	} {
		run(t, Config{}, func(p *phone) {
			p.do(p.reg.Register)
			p.answer(tt.code, "Retry-After", tt.value)
			if got := p.wants(Registering, 1).RetryIn; got != tt.want {
				t.Errorf("%d with %q: retry in %v, want %v", tt.code, tt.value, got, tt.want)
			}
			p.do(p.reg.Register)
			p.wants(Registering, 2) // whoever presses the button does not wait
		})
	}
}

func TestLinkLossIsMendedAtLinkUp(t *testing.T) {
	run(t, Config{}, func(p *phone) {
		p.registered()
		p.do(p.reg.LinkDown)
		if s := p.wants(Registering, 1); s.Cause == nil || s.Cause.Code != 503 || s.Expires != 0 {
			t.Errorf("without link: %+v", s)
		}
		p.sleep(24 * time.Hour)
		p.wants(Registering, 1)
		p.do(p.reg.LinkUp)
		p.do(p.reg.LinkUp)
		p.wants(Registering, 2)
	})
}

func TestAnswerOfALostLinkIsIgnored(t *testing.T) {
	run(t, Config{}, func(p *phone) {
		p.do(p.reg.Register)
		late := p.last()
		p.do(p.reg.LinkDown)
		p.do(p.reg.LinkUp)
		p.wants(Registering, 2)
		p.do(func() { late.On(response(late.Request, 403), nil) })
		p.do(func() { late.On(nil, sipcore.ErrTimeout) })
		p.wants(Registering, 2)
		p.answer(200, "Contact", granted(60))
		p.wants(Registered, 2)
	})
}

func TestRegisterWithoutLinkWaitsForIt(t *testing.T) {
	run(t, Config{}, func(p *phone) {
		p.do(p.reg.LinkDown)
		p.do(p.reg.Register)
		p.wants(Registering, 0)
		p.do(p.reg.LinkUp)
		p.wants(Registering, 1)
	})
}

func TestUnregisterRemovesOnlyOurContact(t *testing.T) {
	run(t, Config{}, func(p *phone) {
		p.registered()
		p.do(p.reg.Unregister)
		p.wants(Unregistering, 2)
		req := p.last().Request
		contacts := req.GetHeaders("Contact")
		if len(contacts) != 1 || contacts[0].Value() != granted(0) {
			t.Errorf("contacts are %v", contacts)
		}
		if got, ok := sipcore.Seconds(req, "Expires"); !ok || got != 0 {
			t.Errorf("Expires is %v", got)
		}
		p.answer(200, "Contact", `<sip:alice@192.0.2.7>;expires=300`)
		s := p.wants(Unregistered, 2)
		if s.Cause != nil || s.Expires != 0 || len(s.Contacts) != 1 || s.Contacts[0].Own {
			t.Errorf("status is %+v", s)
		}
		p.sleep(24 * time.Hour)
		p.wants(Unregistered, 2)
	})
}

func TestUnregisterEndsWhateverTheRegistrarSays(t *testing.T) {
	for name, tt := range map[string]struct {
		end  func(p *phone)
		code int
	}{
		"403":       {func(p *phone) { p.answer(403) }, 403},
		"503":       {func(p *phone) { p.answer(503, "Retry-After", "5") }, 503},
		"423":       {func(p *phone) { p.answer(423, "Min-Expires", "7200") }, 423},
		"timeout":   {func(p *phone) { p.fail(sipcore.ErrTimeout) }, 408},
		"link lost": {func(p *phone) { p.do(p.reg.LinkDown) }, 503},
		"other":     {func(p *phone) { p.fail(errors.New("odd")) }, 500},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, Config{}, func(p *phone) {
				p.registered()
				p.do(p.reg.Unregister)
				tt.end(p)
				p.sleep(24 * time.Hour)
				if s := p.wants(Unregistered, 2); s.Cause == nil || s.Cause.Code != tt.code {
					t.Errorf("cause is %v, want %d", s.Cause, tt.code)
				}
			})
		})
	}
}

func TestUnregisterDuringRegistrationWaitsForItsEnd(t *testing.T) {
	tests := map[string]struct {
		end    func(p *phone)
		state  State
		asked  int
		answer func(p *phone)
	}{
		"granted: removed":          {func(p *phone) { p.answer(200, "Contact", granted(60)) }, Unregistering, 2, func(p *phone) { p.answer(200) }},
		"perhaps: removed":          {func(p *phone) { p.fail(sipcore.ErrTimeout) }, Unregistering, 2, func(p *phone) { p.answer(200) }},
		"refused: nothing is there": {func(p *phone) { p.answer(403) }, Unregistered, 1, func(*phone) {}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			run(t, Config{}, func(p *phone) {
				p.do(p.reg.Register)
				p.do(p.reg.Unregister)
				p.wants(Unregistering, 1)
				tt.end(p)
				p.wants(tt.state, tt.asked)
				tt.answer(p)
				if s := p.wants(Unregistered, tt.asked); s.Cause != nil {
					t.Errorf("cause is %v", s.Cause)
				}
			})
		})
	}
}

func TestRegisterDuringRemovalFollowsIt(t *testing.T) {
	run(t, Config{}, func(p *phone) {
		p.registered()
		p.do(p.reg.Unregister)
		p.do(p.reg.Register)
		p.wants(Registering, 2)
		p.answer(200)
		p.wants(Registering, 3)
		p.answer(200, "Contact", granted(60))
		p.wants(Registered, 3)
	})
}

func TestUnregisterWithoutBindingSendsNothing(t *testing.T) {
	run(t, Config{}, func(p *phone) {
		p.do(p.reg.Unregister)
		p.wants(Unregistered, 0)
		p.do(p.reg.Register)
		p.answer(403)
		p.do(p.reg.Unregister)
		if s := p.wants(Unregistered, 1); s.Cause != nil {
			t.Errorf("cause is %v", s.Cause)
		}
	})
}

func TestUnregisterWithoutLinkSaysThatItWasNotConfirmed(t *testing.T) {
	run(t, Config{}, func(p *phone) {
		p.registered()
		p.do(p.reg.LinkDown)
		p.do(p.reg.Unregister)
		if s := p.wants(Unregistered, 1); s.Cause == nil || s.Cause.Code != 503 {
			t.Errorf("cause is %v", s.Cause)
		}
		p.do(p.reg.LinkUp)
		p.wants(Unregistered, 1)
	})
}

func TestCloseEndsEverything(t *testing.T) {
	run(t, Config{}, func(p *phone) {
		p.registered()
		p.do(p.reg.Register)
		reports := len(p.statuses)
		p.do(p.reg.Close)
		p.answer(503)
		p.do(p.reg.Register)
		p.do(p.reg.LinkDown)
		p.do(p.reg.LinkUp)
		p.sleep(24 * time.Hour)
		if len(p.asked) != 2 || len(p.statuses) != reports {
			t.Errorf("after Close: %d requests, %d reports", len(p.asked), len(p.statuses)-reports)
		}
	})
}

func TestObserverMayAct(t *testing.T) {
	run(t, Config{}, func(p *phone) {
		again := true
		p.reg.onState = func(s Status) {
			if s.State == Failed && again {
				again = false
				p.reg.Register()
			}
		}
		p.do(p.reg.Register)
		p.answer(403)
		p.wants(Registering, 2)
	})
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	registrar, a := uri("sip:example.org"), &agent{}
	for name, cfg := range map[string]Config{
		"no agent":          {Registrar: registrar},
		"no registrar":      {Agent: a},
		"negative lifetime": {Agent: a, Registrar: registrar, Expires: -time.Second},
		"part of a second":  {Agent: a, Registrar: registrar, Expires: time.Millisecond},
	} {
		if _, err := New(cfg); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}
