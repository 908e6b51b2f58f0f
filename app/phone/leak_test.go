package phone

import (
	"bytes"
	"log/slog"
	"runtime"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/app/bus"
	"gocommunicator/app/config"
	"gocommunicator/sipcore/siptest"
	"gocommunicator/sipcore/ua"
)

// goroutinesHere counts those of the test's bubble: the runtime has some of its own, which
// come and go.
func goroutinesHere() int {
	all := make([]byte, 1<<20)
	return bytes.Count(all[:runtime.Stack(all, true)], []byte("synctest bubble"))
}

// Twenty logins in turns of two accounts: no agent, goroutine, timer or connection of
// the former ones is left, nor what they proved themselves with.
func TestLogoutLeavesNothingBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := slog.New(slog.DiscardHandler)
		peer := siptest.NewPeer(t)
		cfg, _ := config.Load(nil, config.Layer{"websocket": map[string]any{"servers": "ws://example.test/sip"}})
		events := bus.New(log)
		p := New(Deps{Bus: events, Config: cfg, Log: log, InstanceID: "urn:uuid:00000000-0000-4000-8000-000000000000", Dial: peer.Dialer()})
		var agents []weak.Pointer[ua.UA]
		var goroutines int
		for i := range 21 {
			name := []string{"alice", "bob"}[i%2]
			if err := p.Login(Login{URI: name + "@example.test", Password: "secret", Remember: true}); err != nil {
				t.Fatal(err)
			}
			peer.ExpectDial()
			peer.Reply(peer.Expect(sip.REGISTER), 401, siptest.Header("WWW-Authenticate", `Digest realm="x", nonce="n"`))
			req := peer.Expect(sip.REGISTER)
			peer.Reply(req, 200, siptest.Header("Contact", req.Contact().Value()+";expires=600"))
			synctest.Wait()
			agents = append(agents, weak.Make(p.agent))
			p.Logout()
			peer.Reply(peer.Expect(sip.REGISTER), 200)
			time.Sleep(time.Minute) // transactions linger
			synctest.Wait()
			if s := p.Snapshot(); s.Account != (Account{}) || s.Registration.State != Unregistered || s.Link.State != LinkDown {
				t.Errorf("after logout %d: %+v", i, s)
			}
			if text, err := p.deps.Store.Unseal(t.Context(), storedLogin); text != nil || err != nil {
				t.Errorf("logout %d left the credential: %v", i, err)
			}
			if i == 0 {
				goroutines = goroutinesHere()
			}
		}
		now := goroutinesHere()
		runtime.GC()
		alive := 0
		for _, a := range agents[:20] { // the last may stand on some stack
			if a.Value() != nil {
				alive++
			}
		}
		t.Logf("after 1 and 21 logins: %d and %d goroutines; agents alive: %d", goroutines, now, alive)
		if now > goroutines || alive > 0 {
			t.Error("something is left")
		}
		p.Close()
		<-p.Done()
		events.Close()
		<-events.Done()
	})
}
