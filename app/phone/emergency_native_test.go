//go:build !js

package phone_test

import (
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/app/phone"
	"gocommunicator/sipcore/media"
	"gocommunicator/sipcore/siptest"
)

// Whatever is set that keeps calls from being made, or tells less of them.
func TestEmergencyCallIsMadeWhateverIsSet(t *testing.T) {
	const limits = `"session": {"max_calls": 1, "call_waiting": false, "require_relay_candidate": true}, "media": {"relay_only": true}`
	const dialling = `"dialing": {"anonymous": true, "audio_dialing": false, "video_dialing": false, "edit_destination": false,
		"show_destination": false, "no_answer_timeout": 1}`
	for to, uri := range map[string]string{
		"112": "sip:112@example.test", "1 1 2": "sip:112@example.test", "sip:911@other.test": "sip:911@other.test",
		"tel:911": "sip:911@example.test;user=phone", "URN:service:sos.fire": "urn:service:sos.fire",
	} {
		t.Run(to, func(t *testing.T) {
			w := newWired(t, `{`+bob+`, `+limits+`, `+dialling+`}`, nil).login()
			w.registers()
			w.SetDND(true)
			w.peer.Request(sip.INVITE, "sip:bob@example.test", offer, siptest.Header("Priority", "emergency"))
			w.peer.ExpectResponse(sip.INVITE, 180)
			<-w.rings
			if _, err := w.Dial(phone.Dial{To: "carol"}); err == nil {
				t.Error("there may be any number of calls")
			}
			hide := true
			if _, err := w.Dial(phone.Dial{To: to, Anonymous: &hide}); err != nil {
				t.Fatal(err)
			}
			invite := w.peer.Expect(sip.INVITE)
			if got := invite.Recipient.String(); got != uri {
				t.Errorf("goes to %s", got)
			}
			if from := invite.From().Address.String(); from != "sip:bob@example.test" || invite.GetHeader("Privacy") != nil {
				t.Errorf("it is hidden: %s", from)
			}
			if _, err := w.Dial(phone.Dial{To: to}); err == nil {
				t.Error("the button pressed twice makes two")
			}
			w.peer.Reply(invite, 486)
			w.peer.Expect(sip.ACK)
		})
	}
}

func TestCallBeingMadeGivesWayToAnEmergency(t *testing.T) {
	w := newWired(t, `{`+bob+`}`, nil).login()
	w.registers()
	if _, err := w.Dial(phone.Dial{To: "carol"}); err != nil {
		t.Fatal(err)
	}
	first := w.peer.Expect(sip.INVITE)
	w.peer.Reply(first, 180)
	<-w.rings // what has not been answered at all cannot be given up yet (RFC 3261 §9.1)
	if _, err := w.Dial(phone.Dial{To: "112"}); err != nil {
		t.Fatal(err)
	}
	cancel := w.peer.Expect(sip.CANCEL)
	second := w.peer.Expect(sip.INVITE)
	w.peer.Reply(cancel, 200)
	w.peer.Reply(first, 487)
	w.peer.Expect(sip.ACK)
	if second.Recipient.User != "112" {
		t.Errorf("%s", second)
	}
	w.peer.Reply(second, 486)
	w.peer.Expect(sip.ACK)
}

// Who takes emergency calls may pass them on: no relay is needed for that call either.
func TestEmergencyCallIsPassedOnWithoutARelay(t *testing.T) {
	w := newWired(t, `{`+bob+`, "session": {"transfer": "allow", "require_relay_candidate": true}}`, nil).login()
	w.registers()
	if _, err := w.Dial(phone.Dial{To: "112"}); err != nil {
		t.Fatal(err)
	}
	invite := w.peer.Expect(sip.INVITE)
	engine, err := media.NewEngine(media.Config{Platform: media.Platform{Loopback: true, Codecs: []string{"pcmu"}}})
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	answer, err := engine.Open(media.Want{Audio: true}, media.Events{}).Answer(t.Context(), invite.Body())
	if err != nil {
		t.Fatal(err)
	}
	dialog := w.peer.Answered(invite, w.peer.Reply(invite, 200, siptest.Contact("sip:112@192.0.2.1"), siptest.Body("application/sdp", string(answer))))
	w.peer.Expect(sip.ACK)
	dialog.Request(sip.REFER, siptest.Header("Refer-To", "<sip:911@example.test>"))
	w.peer.ExpectResponse(sip.REFER, 202)
	w.peer.Reply(w.peer.Expect(sip.NOTIFY), 200)
	w.until("the other is called", func() bool { return len(w.Snapshot().Calls) == 2 })
	for range 2 { // the first is put on hold
		if r := w.peer.Expect(sip.INVITE); r.Recipient.User == "911" {
			return
		}
	}
	t.Error("no call was made")
}

func TestCallerHidesAsSetOrAsked(t *testing.T) {
	yes, no := true, false
	for name, test := range map[string]struct {
		set    string
		asked  *bool
		hidden bool
	}{
		"as set":          {"true", nil, true},
		"as set, not":     {"false", nil, false},
		"asked":           {"false", &yes, true},
		"set and not now": {"true", &no, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWired(t, `{`+bob+`, "dialing": {"anonymous": `+test.set+`}}`, nil).login()
			w.registers()
			here := phone.Location{Latitude: 1}
			if _, err := w.Dial(phone.Dial{To: "carol", Anonymous: test.asked, Location: &here}); err != nil {
				t.Fatal(err)
			}
			invite := w.peer.Expect(sip.INVITE)
			text := invite.String()
			hidden := strings.HasPrefix(invite.From().Value(), `"Anonymous" <sip:anonymous@anonymous.invalid>;tag=`) &&
				invite.GetHeader("Privacy") != nil && invite.GetHeader("Privacy").Value() == "id" &&
				!strings.Contains(text, "bob@") && !strings.Contains(text, "Bob")
			if hidden != test.hidden || !hidden && invite.From().Address.User != "bob" {
				t.Errorf("hidden %v:\n%s", hidden, invite)
			}
			w.peer.Reply(invite, 486)
			w.peer.Expect(sip.ACK)
		})
	}
}
