package phone

import (
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/app/bus"
	"gocommunicator/sipcore/sdp"
	"gocommunicator/sipcore/siptest"
	"gocommunicator/sipcore/subscribe"
)

// room is a phone in a call with the focus of a conference, and its subscription there.
type room struct {
	*office
	id   string
	call *siptest.Dialog // of the call
	news *siptest.Dialog // of the subscription
	last Participants
}

// inRoom has a phone call a conference that tells who takes part.
func inRoom(t *testing.T, test func(*room)) {
	t.Helper()
	inOffice(t, `{}`, func(o *office) {
		r := &room{office: o}
		bus.Subscribe(o.deps.Bus, func(p Participants) { r.last = p })
		var err error
		r.id, err = o.Dial(Dial{To: "room"})
		o.must(err)
		invite := o.peer.Expect(sip.INVITE)
		res := o.peer.Reply(invite, 200, focusAt("room"), siptest.Header("Allow-Events", "conference"), sdpOf(sdp.SendRecv))
		o.peer.Expect(sip.ACK)
		r.call = o.peer.Answered(invite, res)
		r.subscribed()
		test(r)
	})
}

// focusAt is the Contact of a conference.
func focusAt(user string) siptest.Mod {
	return func(m sip.Message) {
		h := &sip.ContactHeader{Address: siptest.URI("sip:" + user + "@focus.example.test"), Params: sip.NewParams()}
		h.Params.Add("isfocus", "")
		m.AppendHeader(h)
	}
}

// subscribed answers the SUBSCRIBE to the conference.
func (r *room) subscribed() {
	r.t.Helper()
	req := r.peer.Expect(sip.SUBSCRIBE)
	if req.Recipient.String() != "sip:room@focus.example.test" || req.GetHeader("Event").Value() != "conference" || req.GetHeader("Accept").Value() != subscribe.ConferenceType {
		r.t.Errorf("%s", req)
	}
	res := r.peer.Reply(req, 200, siptest.Header("Expires", "3600"), siptest.Contact("sip:room@focus.example.test"))
	r.news = r.peer.Answered(req, res)
}

// tell sends a document with users, and wants it answered so.
func (r *room) tell(code int, state string, version int, users string) {
	r.t.Helper()
	r.news.Request(sip.NOTIFY, siptest.Contact("sip:room@focus.example.test"), siptest.Header("Event", "conference"), siptest.Header("Subscription-State", "active;expires=3600"),
		siptest.Body(subscribe.ConferenceType, `<conference-info entity="sip:room@focus.example.test" state="`+state+`" version="`+strconv.Itoa(version)+`">`+
			`<users state="`+state+`">`+users+`</users></conference-info>`))
	r.peer.ExpectResponse(sip.NOTIFY, code)
	synctest.Wait()
}

func present(name, status string) string {
	return `<user entity="sip:` + name + `@example.test"><display-text>` + name + `</display-text><endpoint entity="1"><status>` + status + `</status></endpoint></user>`
}

// wants compares those who take part.
func (r *room) wants(want string) {
	r.t.Helper()
	synctest.Wait()
	var got []string
	for _, u := range r.last.Users {
		got = append(got, u.URI+" "+u.Name+" "+u.Status)
	}
	if r.last.CallID != r.id || strings.Join(got, ", ") != want {
		r.t.Errorf("of %q: %q, want %q", r.last.CallID, got, want)
	}
}

func TestParticipantsOfAServersConference(t *testing.T) {
	inRoom(t, func(r *room) {
		if !r.office.call(r.id).Focus {
			t.Error("the call is no conference")
		}
		r.tell(200, "full", 1, present("bob", "connected"))
		r.wants("sip:bob@example.test bob connected")
		r.tell(200, "partial", 2, present("carol", "on-hold"))
		r.wants("sip:bob@example.test bob connected, sip:carol@example.test carol on-hold")

		// One is lost: the whole is asked for, once.
		r.tell(200, "partial", 10, present("mallory", "connected"))
		again := r.peer.Expect(sip.SUBSCRIBE)
		r.peer.Reply(again, 200, siptest.Header("Expires", "3600"), siptest.Contact("sip:room@focus.example.test"))
		r.tell(200, "partial", 11, present("mallory", "connected"))
		r.tell(200, "partial", 12, present("mallory", "connected"))
		r.peer.ExpectNone()
		r.tell(200, "full", 13, present("dave", "connected"))
		r.wants("sip:dave@example.test dave connected")
		r.tell(400, "full", 14, "</users>")
		r.wants("sip:dave@example.test dave connected")

		// The call ends, and with it what was told.
		r.must(r.Hangup(r.id))
		bye, end := r.peer.Expect(sip.BYE), r.peer.Expect(sip.SUBSCRIBE)
		if end.GetHeader("Expires").Value() != "0" {
			t.Errorf("%s", end)
		}
		r.peer.Reply(bye, 200)
		r.peer.Reply(end, 200, siptest.Header("Expires", "0"), siptest.Contact("sip:room@focus.example.test"))
		r.wants("")
		r.news.Request(sip.NOTIFY, siptest.Contact("sip:room@focus.example.test"), siptest.Header("Event", "conference"), siptest.Header("Subscription-State", "terminated"))
		r.peer.ExpectResponse(sip.NOTIFY, 200)
		r.tell(481, "full", 15, present("bob", "connected"))
		r.wants("")
	})
}

func TestConferenceThatIsNoneAnyMoreIsForgotten(t *testing.T) {
	inRoom(t, func(r *room) {
		r.tell(200, "full", 1, present("bob", "connected"))
		r.call.Request(sip.UPDATE, siptest.Contact("sip:bob@focus.example.test"))
		r.peer.ExpectResponse(sip.UPDATE, 200)
		r.peer.Reply(r.peer.Expect(sip.SUBSCRIBE), 200, siptest.Header("Expires", "0"))
		r.wants("")
		if r.office.call(r.id).Focus {
			t.Error("the call is a conference still")
		}
		r.call.Request(sip.UPDATE, focusAt("room"), siptest.Header("Allow-Events", "conference")) // and once more
		r.peer.ExpectResponse(sip.UPDATE, 200)
		r.subscribed()
		r.tell(200, "full", 1, present("carol", "connected"))
		r.wants("sip:carol@example.test carol connected")
	})
}

func TestConferenceThatTellsNobodyIsACallLikeAnother(t *testing.T) {
	inRoom(t, func(r *room) {
		r.news.Request(sip.NOTIFY, siptest.Contact("sip:room@focus.example.test"), siptest.Header("Event", "conference"), siptest.Header("Subscription-State", "terminated;reason=rejected"))
		r.peer.ExpectResponse(sip.NOTIFY, 200)
		r.peer.ExpectNone()
		if c := r.office.call(r.id); c.State != Active || !c.Focus {
			t.Errorf("%+v", c)
		}
	})
}
