package session_test

import (
	"testing"
	"testing/synctest"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore/siptest"
)

// focus is the Contact of a conference, with a parameter.
func focus(param string) siptest.Mod {
	return func(m sip.Message) {
		h := &sip.ContactHeader{Address: siptest.URI("sip:room@peer.example.test;transport=ws"), Params: sip.NewParams()}
		if param != "" {
			h.Params.Add(param, "")
		}
		m.AppendHeader(h)
	}
}

func (p *phone) wantFocus(uri string, tells bool) {
	p.t.Helper()
	synctest.Wait()
	f := p.info().Focus
	if got := f.URI.String(); f.URI.Host == "" && uri != "" || f.URI.Host != "" && got != uri || f.Tells != tells {
		p.t.Errorf("focus %q, tells %v; want %q, %v", got, f.Tells, uri, tells)
	}
}

func TestFocusIsKnownByItsContact(t *testing.T) {
	const room = "sip:room@peer.example.test;transport=ws"
	tells := siptest.Header("Allow-Events", "talk, Conference")
	for _, test := range []struct {
		name  string
		mods  []siptest.Mod
		uri   string
		tells bool
	}{
		{"none", []siptest.Mod{focus(""), tells}, "", false},
		{"one that tells", []siptest.Mod{focus("isfocus"), tells}, room, true},
		{"one that does not", []siptest.Mod{focus("IsFocus")}, room, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			run(t, func(t *testing.T, p *phone) {
				p.call(false)
				p.peer.Reply(p.peer.Expect(sip.INVITE), 200, append(test.mods, audio)...)
				p.peer.Expect(sip.ACK)
				p.wantFocus(test.uri, test.tells)
			})
		})
	}
}

func TestCallBecomesAConferenceAndIsOneNoMore(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		_, d := p.established()
		p.wantFocus("", false)
		for _, step := range []struct {
			method sip.RequestMethod
			mods   []siptest.Mod
			uri    string
			tells  bool
		}{
			{sip.INVITE, []siptest.Mod{focus("isfocus"), siptest.Header("Allow-Events", "conference"), audio}, "sip:room@peer.example.test;transport=ws", true},
			{sip.UPDATE, []siptest.Mod{focus("isfocus")}, "sip:room@peer.example.test;transport=ws", true},
			{sip.UPDATE, []siptest.Mod{focus("")}, "", false},
			{sip.UPDATE, []siptest.Mod{focus("isfocus")}, "sip:room@peer.example.test;transport=ws", false},
		} {
			d.Request(step.method, step.mods...)
			p.peer.ExpectResponse(step.method, 200)
			if step.method == sip.INVITE {
				d.Request(sip.ACK)
			}
			p.wantFocus(step.uri, step.tells)
		}
	})
}
