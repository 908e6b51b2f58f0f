//go:build !js

package phone_test

import (
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/app/phone"
	"gocommunicator/sipcore/media"
	"gocommunicator/sipcore/siptest"
)

// talk has a phone call its scripted peer, with real media, until the call was measured, and
// hang up.
func (w *wired) talk() (callID string) {
	w.t.Helper()
	engine, err := media.NewEngine(media.Config{Platform: media.Platform{Loopback: true, Codecs: []string{"pcmu"}}})
	if err != nil {
		w.t.Fatal(err)
	}
	defer engine.Close()
	id, err := w.Dial(phone.Dial{To: "carol@example.test"})
	if err != nil {
		w.t.Fatal(err)
	}
	invite := w.peer.Expect(sip.INVITE)
	conn := engine.Open(media.Want{Audio: true}, media.Events{})
	answer, err := conn.Answer(w.t.Context(), invite.Body())
	if err != nil {
		w.t.Fatal(err)
	}
	w.peer.Reply(invite, 200, siptest.Contact("sip:carol@192.0.2.1"), siptest.Body("application/sdp", string(answer)))
	w.peer.Expect(sip.ACK)
	w.until("the call is measured", func() bool {
		all := w.Qualities(id, time.Time{})
		return len(all) > 0 && all[len(all)-1].In.MOS > 0
	})
	if err := w.Hangup(id); err != nil {
		w.t.Fatal(err)
	}
	w.peer.Reply(w.peer.Expect(sip.BYE), 200)
	w.until("the call is over", func() bool { return len(w.Snapshot().Calls) == 0 })
	return invite.CallID().Value()
}

// until waits until something is so.
func (w *wired) until(what string, is func() bool) {
	w.t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-deadline:
			w.t.Fatalf("not so: %s", what)
		}
	}
}

func TestCollectorIsToldOfEachCallWhateverItAnswers(t *testing.T) {
	for name, answer := range map[string]func(w *wired, publish *sip.Request){
		"taken":          func(w *wired, publish *sip.Request) { w.peer.Reply(publish, 200, siptest.Header("SIP-ETag", "x")) },
		"nobody there":   func(w *wired, publish *sip.Request) { w.peer.Reply(publish, 404) },
		"another event":  func(w *wired, publish *sip.Request) { w.peer.Reply(publish, 489) },
		"too large":      func(w *wired, publish *sip.Request) { w.peer.Reply(publish, 513) },
		"without answer": func(*wired, *sip.Request) {},
		"challenged": func(w *wired, publish *sip.Request) {
			w.peer.Reply(publish, 401, siptest.Header("WWW-Authenticate", `Digest realm="x", nonce="a"`))
			again := w.peer.Expect(sip.PUBLISH)
			if again.GetHeader("Authorization") == nil || string(again.Body()) != string(publish.Body()) {
				w.t.Errorf("%s", again)
			}
			w.peer.Reply(again, 200)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWired(t, `{`+bob+`, "media": {"quality_collector": "sip:collector@quality.test"}}`, nil).login()
			w.registers()
			for range 2 { // what came of the first one does not keep the second from being told
				callID := w.talk()
				publish := w.peer.Expect(sip.PUBLISH)
				body := string(publish.Body())
				if publish.Recipient.String() != "sip:collector@quality.test" || publish.GetHeader("Event").Value() != "vq-rtcpxr" ||
					publish.ContentType().Value() != "application/vq-rtcpxr" || publish.From().Address.String() != "sip:bob@example.test" {
					t.Errorf("%s", publish)
				}
				for _, line := range []string{
					"VQSessionReport: CallTerm\r\n", "CallID: " + callID + "\r\n", "RemoteID: <sip:carol@example.test>\r\n",
					"SessionDesc: PT=0 PD=pcmu SR=8000 PPS=", "PacketLoss: NLR=0.0 JDR=0.0\r\n", "MOSLQ=4.4", "DialogID: " + callID + ";to-tag=",
				} {
					if !strings.Contains(body, line) {
						t.Errorf("%q is not in\n%s", line, body)
					}
				}
				answer(w, publish)
			}
			if s := w.Snapshot(); s.Registration.State != phone.Registered {
				t.Errorf("%+v", s)
			}
		})
	}
}

func TestNobodyIsToldOfQualityUnlessTheSettingsSaySo(t *testing.T) {
	w := newWired(t, `{`+bob+`}`, nil).login()
	w.registers()
	w.talk()
	w.peer.ExpectNone()
}
