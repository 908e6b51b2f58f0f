package session_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/siptest"
)

// referral is a transfer of which the peer tells.
type referral struct {
	p     *phone
	s     *session.Session
	d     *siptest.Dialog
	refer *sip.Request
}

// notify tells of it with a status line, or other text.
func (r *referral) notify(state, fragment string) {
	req := r.d.Request(sip.NOTIFY, siptest.Header("Event", fmt.Sprintf("refer;id=%d", r.refer.CSeq().SeqNo)),
		siptest.Header("Subscription-State", state), siptest.Body("message/sipfrag;version=2.0", fragment))
	r.p.peer.FinalResponse(req)
}

// What is heard of a transfer, wherever it stands, when each of these comes.
func TestEveryMoveOfAReferral(t *testing.T) {
	const active = "active;expires=60"
	steps := map[string]func(r *referral){
		"202":        func(r *referral) { r.p.peer.Reply(r.refer, 202) },
		"202 silent": func(r *referral) { r.p.peer.Reply(r.refer, 202, siptest.Header("Refer-Sub", "false")) },
		"603":        func(r *referral) { r.p.peer.Reply(r.refer, 603) },
		"100":        func(r *referral) { r.notify(active, "SIP/2.0 100 Trying") },
		"180":        func(r *referral) { r.notify(active, "SIP/2.0 180 Ringing") },
		"200":        func(r *referral) { r.notify(active, "SIP/2.0 200 OK") },
		"486":        func(r *referral) { r.notify("terminated;reason=noresource", "SIP/2.0 486 Busy Here") },
		"rubbish":    func(r *referral) { r.notify(active, "x") },
		"ended":      func(r *referral) { r.notify("terminated;reason=timeout", "x") },
		"time":       func(*referral) { time.Sleep(10 * time.Minute) },
		"BYE":        func(r *referral) { r.p.peer.FinalResponse(r.d.Request(sip.BYE)) },
	}
	const ends, refused, unheard = "; 0 done without outcome", "; 0 done refused 603", "; 0 done unheard"
	for _, c := range []struct {
		name, reach, heard string
		moves              map[string]string // what is heard more; nothing where none is said
	}{
		{"asked", "", "", map[string]string{
			"202 silent": "; 0 done", "603": refused, "100": "; 100", "180": "; 180", "200": "; 200 done",
			"486": "; 486 done", "rubbish": "; 0", "ended": ends, "time": unheard,
		}},
		{"accepted", "202", "", map[string]string{
			"100": "; 100", "180": "; 180", "200": "; 200 done", "486": "; 486 done", "rubbish": "; 0",
			"ended": ends, "time": unheard,
		}},
		{"heard of before it is accepted", "100", "; 100", map[string]string{
			"202 silent": "; 0 done", "603": refused, "100": "; 100", "180": "; 180", "200": "; 200 done",
			"486": "; 486 done", "rubbish": "; 100", "ended": "; 100 done without outcome", "time": unheard,
		}},
		{"it rings there", "202 180", "; 180", map[string]string{
			"100": "; 100", "180": "; 180", "200": "; 200 done", "486": "; 486 done", "rubbish": "; 180",
			"ended": "; 180 done without outcome", "time": "; 180 done unheard",
		}},
		{"it rings there, and the call is over", "202 180 BYE", "; 180", map[string]string{
			"100": "; 100", "180": "; 180", "200": "; 200 done", "486": "; 486 done", "rubbish": "; 180",
			"ended": "; 180 done without outcome", "time": "; 180 done unheard",
		}},
		{"refused", "603", refused, nil},
		{"agreed, without news", "202 silent", "; 0 done", nil},
		{"done", "202 200", "; 200 done", nil},
		{"failed", "202 486", "; 486 done", nil},
	} {
		for move, do := range steps {
			t.Run(c.name+"/"+move, func(t *testing.T) {
				run(t, func(t *testing.T, p *phone) {
					p.peer.Wait = time.Minute
					r := &referral{p: p}
					r.s, r.d = p.established()
					var heard *[]string
					r.refer, heard = p.transfer(r.s)
					for _, step := range strings.Fields(strings.ReplaceAll(c.reach, " silent", "-silent")) {
						steps[strings.ReplaceAll(step, "-", " ")](r)
						synctest.Wait()
					}
					do(r)
					p.wantHeard(heard, strings.ReplaceAll(strings.TrimPrefix(c.heard+c.moves[move], "; "), ";", ","))
					p.do(r.s.Hangup)
					time.Sleep(10 * time.Minute)
					p.wantNothingLeft()
				})
			})
		}
	}
}
