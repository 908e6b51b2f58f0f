package phone

import (
	"runtime"
	"testing"
	"testing/synctest"
	"weak"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore/sdp"
	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/siptest"
)

// A hundred calls of all kinds: what the phone keeps of them is what it says it keeps.
func TestNothingIsKeptOfCallsThatAreOver(t *testing.T) {
	// Each is called with what takes note of the calls there are.
	kinds := []func(o *office, see func()){
		func(o *office, see func()) { // made and refused
			o.dial("bob@other.test,,1", see)
			o.peer.Reply(o.newCall(0), 404, siptest.ToTag("b"))
			o.peer.Expect(sip.ACK)
		},
		func(o *office, see func()) { // made and given up
			id := o.dial("bob;1", see)
			invite := o.newCall(0)
			o.peer.Reply(invite, 180, siptest.ToTag("b"))
			o.must(o.Hangup(id))
			o.peer.Reply(o.peer.Expect(sip.CANCEL), 200)
			o.peer.Reply(invite, 487, siptest.ToTag("b"))
			o.peer.Expect(sip.ACK)
		},
		func(o *office, see func()) { // talked in, with all that can be done meanwhile
			id := o.dial("bob,,,12;3", see)
			d := o.answer(0)
			o.must(o.Record(id, true))
			o.must(o.SetNote(id, "calls back"))
			o.must(o.Found(id, Contact{Name: "Bob"}))
			o.must(o.SendDTMF(id, ",4"))
			o.bye(d)
			o.must(o.SetNote(id, "calls back on Monday"))
			o.must(o.Found(id, Contact{Name: "Robert"}))
		},
		func(o *office, see func()) { // missed
			invite := o.peer.Request(sip.INVITE, "sip:alice@example.test", sdpOf(sdp.SendRecv))
			o.peer.ExpectResponse(sip.INVITE, 180)
			see()
			o.peer.Cancel(invite)
			o.peer.ExpectResponse(sip.CANCEL, 200)
			o.peer.ExpectResponse(sip.INVITE, 487)
		},
		func(o *office, see func()) { // answered by the phone
			invite := o.peer.Request(sip.INVITE, "sip:alice@example.test", sdpOf(sdp.SendRecv))
			o.peer.ExpectResponse(sip.INVITE, 180)
			see()
			res := o.peer.ExpectResponse(sip.INVITE, 200)
			o.peer.Ack(invite, res)
			o.bye(o.peer.Called(invite, res))
		},
		func(o *office, see func()) { // handed over
			_, d, refer := o.begin()
			see()
			o.peer.Reply(refer, 202)
			o.notify(d, "terminated", ok, 200)
			o.peer.Reply(o.peer.Expect(sip.BYE), 200)
		},
		func(o *office, see func()) { // asked to talk to somebody who is busy
			id, d := o.talk("bob")
			see()
			o.refer(d, "<sip:carol@example.test>", 202)
			o.must(o.AnswerTransfer(id, true))
			see()
			o.peer.Reply(o.newCall(1), 486, siptest.ToTag("c"))
			o.peer.Expect(sip.ACK)
			o.peer.Reply(o.peer.Expect(sip.NOTIFY), 200)
			o.offered(sdp.SendRecv)
			o.bye(d)
		},
		func(o *office, see func()) { // asked to, by somebody who does not wait for it
			id, d := o.talk("bob")
			see()
			o.refer(d, "<sip:carol@example.test>", 202)
			o.bye(d)
			o.must(o.AnswerTransfer(id, true))
			see()
			d = o.answer(0)
			o.told("200 OK")
			o.bye(d)
		},
		func(o *office, see func()) { // in conference
			_, d := o.talk("bob")
			_, other := o.talk("carol")
			see()
			o.must(o.Join())
			o.offered(sdp.SendRecv)
			o.bye(d)
			o.bye(other)
		},
		func(o *office, see func()) { // begun twice, by a button pressed twice
			id, _ := o.dialTwice("bob", "bob")
			see()
			o.must(o.Hangup(id))
			o.peer.Reply(o.newCall(0), 486, siptest.ToTag("b"))
			o.peer.Expect(sip.ACK)
		},
	}
	inOffice(t, `{"session": {"recording": "allowed", "auto_answer": "always"}, "discovery": {"enabled": true}}`, func(o *office) {
		var calls []weak.Pointer[liveCall]
		var sessions []weak.Pointer[session.Session]
		see := func() {
			synctest.Wait()
			if err := o.loop.Do(o.t.Context(), func() {
				for _, c := range o.live {
					calls, sessions = append(calls, weak.Make(c)), append(sessions, weak.Make(c.Session))
				}
			}); err != nil {
				o.t.Fatal(err)
			}
		}
		const rounds = 10
		var goroutines int
		for i := range rounds {
			for _, kind := range kinds {
				kind(o, see)
				synctest.Wait()
			}
			o.left(0)
			if i == 0 {
				goroutines = goroutinesHere()
			}
		}
		if n := goroutinesHere(); n > goroutines {
			o.t.Errorf("%d goroutines after %d calls, %d after %d", goroutines, len(kinds), n, rounds*len(kinds))
		}
		if s := o.Snapshot(); len(s.Calls)+len(s.Wishes)+len(o.views) > 0 || len(o.past) > maxPast {
			o.t.Errorf("%d views, %d past, %+v", len(o.views), len(o.past), s)
		}
		runtime.GC()
		alive := 0
		for i, c := range calls[:len(calls)-len(calls)/rounds] { // the last may stand on some stack
			if c.Value() != nil || sessions[i].Value() != nil {
				alive++
			}
		}
		if alive > 0 || len(calls) < rounds*len(kinds) {
			o.t.Errorf("%d of %d calls are still kept", alive, len(calls))
		}
	})
}

// dial calls somebody, and gives the call.
func (o *office) dial(to string, see func()) (id string) {
	o.t.Helper()
	id, err := o.Dial(Dial{To: to})
	o.must(err)
	see()
	return id
}

// bye has the other side hang up.
func (o *office) bye(d *siptest.Dialog) {
	o.t.Helper()
	d.Request(sip.BYE)
	o.peer.ExpectResponse(sip.BYE, 200)
	synctest.Wait()
}
