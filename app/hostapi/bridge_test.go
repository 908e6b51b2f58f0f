package hostapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"gocommunicator/app/bus"
	"gocommunicator/app/phone"
	"gocommunicator/sipcore"
	"gocommunicator/sipcore/media"
	"gocommunicator/sipcore/quality"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// recorder is a phone that notes what it is told, and refuses it with err.
type recorder struct {
	told []string
	err  error
	now  phone.Snapshot
}

func (r *recorder) note(format string, args ...any) error {
	r.told = append(r.told, fmt.Sprintf(format, args...))
	return r.err
}

func (r *recorder) Login(l phone.Login) error         { return r.note("login %+v", l) }
func (r *recorder) Logout()                           { _ = r.note("logout") }
func (r *recorder) Register() error                   { return r.note("register") }
func (r *recorder) Unregister() error                 { return r.note("unregister") }
func (r *recorder) Dial(d phone.Dial) (string, error) { return "1", r.note("dial %+v", d) }
func (r *recorder) LoginGuest() error                 { return r.note("guest") }

func (r *recorder) Answer(id string, video bool) error {
	return r.note("answer %q %v", id, video)
}
func (r *recorder) Reject(id string, code int) error { return r.note("reject %q %d", id, code) }
func (r *recorder) Hangup(id string) error           { return r.note("hangup %q", id) }
func (r *recorder) Hold(id string, on bool) error    { return r.note("hold %q %v", id, on) }
func (r *recorder) Video(id string, on bool) error   { return r.note("video %q %v", id, on) }
func (r *recorder) Watch(id string) error            { return r.note("watch %q", id) }
func (r *recorder) Screen(id string, on bool) error  { return r.note("screen %q %v", id, on) }
func (r *recorder) Transfer(id, to string) error     { return r.note("transfer %q %q", id, to) }
func (r *recorder) TransferTo(id, other string) error {
	return r.note("transfer %q to call %q", id, other)
}

func (r *recorder) AnswerTransfer(id string, accept bool) error {
	return r.note("wish %q %v", id, accept)
}

func (r *recorder) Record(id string, on bool) error {
	return r.note("record %q %v", id, on)
}

func (r *recorder) ConfirmDTMF(id string, send bool) error {
	return r.note("confirm %q %v", id, send)
}

func (r *recorder) SendDTMF(id, tones string) error {
	return r.note("dtmf %q %q", id, tones)
}

func (r *recorder) Join(ids ...string) error { return r.note("join %q", ids) }
func (r *recorder) Split(id string) error    { return r.note("split %q", id) }
func (r *recorder) Silence(id string, on bool) error {
	return r.note("silence %q %v", id, on)
}

func (r *recorder) SendMessage(to, text string) (string, error) {
	return "1", r.note("message %q %q", to, text)
}
func (r *recorder) SetDND(on bool) { _ = r.note("dnd %v", on) }
func (r *recorder) CheckForward(to string) error {
	if to == "alice" {
		return phone.ErrForwardSelf
	}
	return nil
}

func (r *recorder) Text(path string) string { return "text of " + path }
func (r *recorder) Set(texts map[string]string) map[string]string {
	_ = r.note("set %v", texts)
	if texts["session.forward_after"] == "0" {
		return map[string]string{"session.forward_after": "too little"}
	}
	return nil
}
func (r *recorder) Found(id string, c phone.Contact) error { return r.note("found %q %+v", id, c) }
func (r *recorder) Note(id, text string) error             { return r.note("note %q %q", id, text) }
func (r *recorder) SetDestination(to string)               { _ = r.note("destination %q", to) }
func (r *recorder) Snapshot() phone.Snapshot               { return r.now }
func (r *recorder) FindDevices()                           { _ = r.note("devices") }
func (r *recorder) ChooseDevice(kind, id string) error {
	return r.note("choose %q %q", kind, id)
}
func (r *recorder) Turn(name string, on bool) error { return r.note("turn %q %v", name, on) }
func (r *recorder) Talk(id string, on bool) error   { return r.note("talk %q %v", id, on) }
func (r *recorder) Mute(id string, audio, video *bool) error {
	show := func(b *bool) string {
		if b == nil {
			return "as it is"
		}
		return fmt.Sprint(*b)
	}
	return r.note("mute %q %s %s", id, show(audio), show(video))
}

// keys gives the keys for the texts.
type keys struct{}

func (keys) T(key string, params ...any) string { return fmt.Sprint("text of ", key, params) }

// host is a bridge with all that is around it.
type host struct {
	*Bridge
	bus       *bus.Bus
	phone     *recorder
	published []string // "topic data", data as JSON
}

func newHost(t testing.TB, sticky ...any) (h *host, end func()) {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	h = &host{bus: bus.New(log), phone: &recorder{}}
	bus.Sticky[phone.Link](h.bus, nil, nil)
	for _, ev := range sticky {
		bus.Publish(h.bus, ev.(phone.Link))
	}
	h.Bridge = newBridge(Deps{Bus: h.bus, Phone: h.phone, Texts: keys{}, Own: h.phone, Log: log}, func(topic string, data any) {
		text, err := json.Marshal(data)
		if err != nil {
			t.Errorf("%s: %v", topic, err)
		}
		h.published = append(h.published, topic+" "+string(text))
	})
	return h, func() {
		h.Close()
		<-h.commands.Done()
		h.bus.Close()
		<-h.bus.Done()
	}
}

// topics are the topics published since the last time.
func (h *host) topics() []string {
	synctest.Wait()
	var names []string
	for _, p := range h.published {
		topic, _, _ := strings.Cut(p, " ")
		names = append(names, topic)
	}
	h.published = nil
	return names
}

func TestEventsBecomeTopics(t *testing.T) {
	const ms = int64(1_700_000_000_123)
	at := time.UnixMilli(ms)
	cause := &phone.Cause{Code: 486, Reason: "Busy Here"}
	peer := phone.Peer{URI: "sip:bob@example.org", Name: `<b>"Bob"</b>`}
	for _, tt := range []struct {
		publish func(*bus.Bus)
		want    string
	}{
		{
			func(b *bus.Bus) {
				bus.Publish(b, phone.Link{State: phone.LinkDown, Server: "wss://a", Attempt: 3, RetryIn: 2500 * time.Millisecond})
			},
			`jsc/link/state {"attempt":3,"retry_in":2.5,"server":"wss://a","state":"down"}`,
		},
		{
			func(b *bus.Bus) {
				bus.Publish(b, phone.Registration{State: phone.RegistrationFailed, AOR: "sip:a@b", Server: "wss://a", Cause: cause})
			},
			`jsc/registration/state {"aor":"sip:a@b","cause":{"code":486,"reason":"Busy Here"},"expires":0,"others":[],"server":"wss://a","state":"failed"}`,
		},
		{
			func(b *bus.Bus) {
				bus.Publish(b, phone.Registration{
					State: phone.Registered, AOR: "sip:a@b", Expires: time.Hour, Server: "wss://a",
					Others: []phone.Device{{Contact: "sip:a@192.0.2.1", Name: "Desk", Instance: "urn:uuid:2", Until: at}},
				})
			},
			`jsc/registration/state {"aor":"sip:a@b","cause":null,"expires":3600,` +
				`"others":[{"contact":"sip:a@192.0.2.1","instance":"urn:uuid:2","name":"Desk","until":1700000000123}],` +
				`"server":"wss://a","state":"registered"}`,
		},
		{
			func(b *bus.Bus) {
				bus.Publish(b, phone.Call{
					ID: "7", Direction: phone.Out, Peer: peer, State: phone.Failed, Video: true, AudioMuted: true,
					RemoteHold: true, Conference: "c", Silenced: true, Recording: true, Cause: cause, Started: at, Ended: at.Add(time.Second),
				})
			},
			`jsc/call/state {"anonymous":false,"answered":null,"auto_answer":false,"cause":{"code":486,"reason":"Busy Here"},"conference":"c","direction":"out","ended":1700000001123,"focus":false,"forwarded":null,"forwarded_by":null,` +
				`"id":"7","local_hold":false,"missed":false,"muted":true,"peer":{"name":"\u003cb\u003e\"Bob\"\u003c/b\u003e","uri":"sip:bob@example.org"},"recording":true,"referred_by":null,` +
				`"remote_hold":true,"remote_screen":false,"remote_video":false,"screen":false,"screen_beside":false,"silenced":true,"started":1700000000123,"state":"failed","tones":"","transfer":null,"video":true,"video_asked":false,"video_muted":false}`,
		},
		{
			func(b *bus.Bus) {
				bus.Publish(b, phone.Call{
					ID: "7", Direction: phone.Out, Peer: peer, State: phone.Held, LocalHold: true, ReferredBy: &peer,
					Transfer: &phone.Transfer{To: peer, State: phone.TransferFailed, Cause: cause},
				})
			},
			`jsc/call/state {"anonymous":false,"answered":null,"auto_answer":false,"cause":null,"conference":"","direction":"out","ended":null,"focus":false,"forwarded":null,"forwarded_by":null,` +
				`"id":"7","local_hold":true,"missed":false,"muted":false,"peer":{"name":"\u003cb\u003e\"Bob\"\u003c/b\u003e","uri":"sip:bob@example.org"},` +
				`"recording":false,"referred_by":{"name":"\u003cb\u003e\"Bob\"\u003c/b\u003e","uri":"sip:bob@example.org"},"remote_hold":false,"remote_screen":false,"remote_video":false,"screen":false,"screen_beside":false,"silenced":false,"started":null,"state":"held","tones":"",` +
				`"transfer":{"cause":{"code":486,"reason":"Busy Here"},"state":"failed","to":{"name":"\u003cb\u003e\"Bob\"\u003c/b\u003e","uri":"sip:bob@example.org"}},"video":false,"video_asked":false,"video_muted":false}`,
		},
		{
			func(b *bus.Bus) {
				bus.Publish(b, &phone.ContactWanted{CallID: "7", URI: "sip:030123@d", Number: "+4930123"})
			},
			`jsc/contact/lookup {"id":"7","number":"+4930123","uri":"sip:030123@d"}`,
		},
		{
			func(b *bus.Bus) { bus.Publish(b, &phone.ContactOpened{CallID: "7", URL: "https://erp.test/7"}) },
			`jsc/contact/open {"id":"7","url":"https://erp.test/7"}`,
		},
		{
			func(b *bus.Bus) { bus.Publish(b, &phone.ContactFailed{CallID: "7"}) },
			`jsc/error {"code":"error_contact","message":"text of error_contact[]"}`,
		},
		{
			func(b *bus.Bus) {
				bus.Publish(b, &phone.CallOver{Call: phone.Call{
					ID: "7", Direction: phone.In, Peer: peer, State: phone.Ended, Started: at, Answered: at.Add(time.Second), Ended: at.Add(6 * time.Second),
					Quality: &phone.Summary{MOS: 3.5}, Note: "calls back", Contact: &phone.Contact{Name: "Bob", URL: "https://erp.test/7"},
				}})
			},
			`jsc/call/summary {"answered":1700000001123,"cause":null,"contact":{"name":"Bob","url":"https://erp.test/7"},"direction":"in","duration":5,"ended":1700000006123,"id":"7","note":"calls back",` +
				`"peer":{"name":"\u003cb\u003e\"Bob\"\u003c/b\u003e","uri":"sip:bob@example.org"},"quality":{"grade":"fair","mos":3.5},"started":1700000000123}`,
		},
		{
			func(b *bus.Bus) {
				bus.Publish(b, &phone.CallOver{Call: phone.Call{ID: "8", Direction: phone.Out, Cause: cause, Contact: &phone.Contact{Failed: true}}})
			},
			`jsc/call/summary {"answered":null,"cause":{"code":486,"reason":"Busy Here"},"contact":null,"direction":"out","duration":0,"ended":null,"id":"8","note":"",` +
				`"peer":{"name":"","uri":""},"quality":null,"started":null}`,
		},
		{
			func(b *bus.Bus) {
				bus.Publish(b, phone.TransferWish{CallID: "6", Over: true}) // is no topic
				bus.Publish(b, phone.TransferWish{CallID: "7", By: peer, To: phone.Peer{URI: "sip:c@d"}})
			},
			`jsc/call/transfer/requested {"by":{"name":"\u003cb\u003e\"Bob\"\u003c/b\u003e","uri":"sip:bob@example.org"},"id":"7","to":{"name":"","uri":"sip:c@d"}}`,
		},
		{
			func(b *bus.Bus) {
				q := &phone.Quality{CallID: "7", Time: at, Grade: phone.QualityFair}
				q.In = quality.Way{MOS: 3.456, Loss: 0.051, Jitter: 12 * time.Millisecond, Audio: 31_999.999}
				q.RTT, q.Codec, q.Pair = 40*time.Millisecond, "opus/48000/2", media.Pair{Local: "relay", Protocol: "tls"}
				bus.Publish(b, q)
			},
			`jsc/call/quality {"audio":32000,"audio_out":0,"buffer":0,"codec":"opus/48000/2","concealed":0,"delay":0,"frames":0,"freezes":0,` +
				`"grade":"fair","height":0,"id":"7","jitter":12,"jitter_out":0,"loss":5.1,"loss_out":0,"mos":3.46,"mos_out":0,` +
				`"protocol":"tls","route":"relay","rtt":40,"time":1700000000123,"video":0,"video_out":0,"width":0}`,
		},
		{
			func(b *bus.Bus) {
				bus.Publish(b, phone.Participants{CallID: "7", Users: []phone.Participant{{Peer: peer, Status: "on-hold"}}})
			},
			`jsc/call/participants {"id":"7","users":[{"name":"\u003cb\u003e\"Bob\"\u003c/b\u003e","status":"on-hold","uri":"sip:bob@example.org"}]}`,
		},
		{
			func(b *bus.Bus) {
				bus.Publish(b, phone.Message{ID: "m", Direction: phone.In, Peer: peer, Text: "hi", ContentType: "text/plain", Time: at, Status: phone.MessageDelivered})
			},
			`jsc/message/received {"cause":null,"content_type":"text/plain","id":"m",` +
				`"peer":{"name":"\u003cb\u003e\"Bob\"\u003c/b\u003e","uri":"sip:bob@example.org"},"status":"delivered","text":"hi","time":1700000000123}`,
		},
		{
			func(b *bus.Bus) {
				bus.Publish(b, phone.Message{Direction: phone.Out, Status: phone.MessageFailed, Cause: cause})
			},
			`jsc/message/sent {"cause":{"code":486,"reason":"Busy Here"},"content_type":"","id":"",` +
				`"peer":{"name":"","uri":""},"status":"failed","text":"","time":null}`,
		},
		{
			func(b *bus.Bus) {
				bus.Publish(b, phone.Digit{CallID: "7", Digit: "1", Direction: phone.Out}) // is no topic
				bus.Publish(b, phone.Digit{CallID: "7", Digit: "#", Direction: phone.In})
			},
			`jsc/call/dtmf "#"`,
		},
		{
			func(b *bus.Bus) {
				headset := media.Device{Role: media.Speaker, ID: "h", Name: "<i>Headset</i>"}
				e := phone.Equipment{There: []media.Device{{ID: "m", Name: "Microphone"}, headset}}
				e.Chosen[media.Ringer], e.Used[media.Ringer], e.Used[media.Microphone] = headset, headset, e.There[0]
				e.On[phone.PushToTalk] = true
				bus.Publish(b, e)
			},
			`jsc/devices/state {"audio_in":[{"id":"m","name":"Microphone"}],"audio_out":[{"id":"h","name":"\u003ci\u003eHeadset\u003c/i\u003e"}],` +
				`"auto_gain":false,"background_blur":false,"chosen":{"audio_in":{"id":"","name":""},"audio_out":{"id":"","name":""},` +
				`"ring":{"id":"h","name":"\u003ci\u003eHeadset\u003c/i\u003e"},"video_in":{"id":"","name":""}},` +
				`"echo_cancellation":false,"noise_suppression":false,"push_to_talk":true,` +
				`"used":{"audio_in":{"id":"m","name":"Microphone"},"audio_out":{"id":"","name":""},` +
				`"ring":{"id":"h","name":"\u003ci\u003eHeadset\u003c/i\u003e"},"video_in":{"id":"","name":""}},"video_in":[]}`,
		},
		{
			func(b *bus.Bus) {
				bus.Publish(b, phone.Notice{Code: "error_x", Params: map[string]string{"Name": "Bob"}})
			},
			`jsc/error {"code":"error_x","message":"text of error_x[map[Name:Bob]]"}`,
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			h, end := newHost(t)
			defer end()
			tt.publish(h.bus)
			synctest.Wait()
			if len(h.published) == 0 || h.published[0] != tt.want {
				t.Errorf("got  %s\nwant %s", strings.Join(h.published, "\n"), tt.want)
			}
		})
	}
}

func TestTopicsOfJSCommunicatorKeepTheirMoments(t *testing.T) {
	started := time.Unix(1, 0)
	call := func(id string, d phone.Direction, s phone.CallState, answered bool) phone.Call {
		c := phone.Call{ID: id, Direction: d, Peer: phone.Peer{URI: "sip:bob@example.org"}, State: s, Started: started}
		if answered {
			c.Answered = started.Add(time.Second)
		}
		return c
	}
	up, down := phone.Link{State: phone.LinkUp}, phone.Link{State: phone.LinkDown}
	for _, tt := range []struct {
		name   string
		events []any
		want   string
	}{
		{"link", []any{down, phone.Link{State: phone.LinkConnecting}, up, up, down}, "ua/notready ua/idle ua/notready"},
		{
			"call out",
			[]any{
				up, call("1", phone.Out, phone.Trying, false), call("1", phone.Out, phone.Ringing, false),
				call("1", phone.Out, phone.Connecting, true), call("1", phone.Out, phone.Active, true),
				call("1", phone.Out, phone.Held, true), call("1", phone.Out, phone.Active, true), call("1", phone.Out, phone.Ended, true),
			},
			"ua/idle ua/incall call/outgoing call/connected call/end ua/idle",
		},
		{
			"call in, missed",
			[]any{up, call("1", phone.In, phone.Incoming, false), call("1", phone.In, phone.Ended, false)},
			"ua/idle ua/incall call/incoming call/failed ua/idle",
		},
		{
			"call that broke",
			[]any{up, call("1", phone.Out, phone.Active, true), call("1", phone.Out, phone.Failed, true)},
			"ua/idle ua/incall call/outgoing call/connected call/end ua/idle",
		},
		{
			"link lost in a call",
			[]any{
				up, call("1", phone.Out, phone.Active, true), down, up, down, call("1", phone.Out, phone.Ended, true), up,
			},
			"ua/idle ua/incall call/outgoing call/connected ua/notready ua/incall ua/notready call/end ua/idle",
		},
		{
			"two calls",
			[]any{
				up, call("1", phone.Out, phone.Active, true), call("2", phone.In, phone.Incoming, false),
				call("1", phone.Out, phone.Ended, true), call("2", phone.In, phone.Failed, false),
			},
			"ua/idle ua/incall call/outgoing call/connected ua/incall call/incoming call/end call/failed ua/idle",
		},
		{
			"notices",
			[]any{
				phone.Notice{Code: "error_webrtc_unavailable"},
				phone.Notice{Code: "error_config_missing"},
				phone.Notice{Code: "error_relay_missing"},
				phone.Notice{Code: "error_link_down"},
			},
			"unavailable/webrtc unavailable/config unavailable/relay",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			l := &legacy{live: make(map[string]bool), publish: func(topic string, data any) {
				name := strings.TrimPrefix(topic, "jsc/")
				got = append(got, name)
				if peer := name == "call/outgoing" || name == "call/incoming"; peer && data != "sip:bob@example.org" || !peer && data != nil {
					t.Errorf("%s has the data %v", topic, data)
				}
			}}
			for _, ev := range tt.events {
				switch ev := ev.(type) {
				case phone.Link:
					l.link(ev)
				case phone.Call:
					l.call(ev)
				case phone.Notice:
					l.notice(ev)
				}
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("got  %v\nwant %s", got, tt.want)
			}
		})
	}
}

func TestCommandsReachThePhone(t *testing.T) {
	for _, tt := range []struct{ topic, data, want string }{
		{"jsc/call/dial", `{"to": "bob", "video": true}`, `dial {To:bob Video:true Headers:[] Location:<nil> Anonymous:<nil> Wait:true Guest:false}`},
		{"jsc/call/dial", `{"to": "bob", "headers": ["X-A:1", "X-B: 2"]}`, `dial {To:bob Video:false Headers:[X-A: 1 X-B: 2] Location:<nil> Anonymous:<nil> Wait:true Guest:false}`},
		{"jsc/call/dial", `{"to": "bob", "headers": "X-A: 1", "more": 1}`, `dial {To:bob Video:false Headers:[X-A: 1] Location:<nil> Anonymous:<nil> Wait:true Guest:false}`},
		{"jsc/call/answer", `{"id": "7", "video": true}`, `answer "7" true`},
		{"jsc/call/answer", ``, `answer "" false`},
		{"jsc/call/reject", `{"code": 486}`, `reject "" 486`},
		{"jsc/call/hangup", `null`, `hangup ""`},
		{"jsc/call/hangup", `{"id": "7"}`, `hangup "7"`},
		{"jsc/call/hold", `{"on": true}`, `hold "" true`},
		{"jsc/call/hold", `{"id": "7", "on": false}`, `hold "7" false`},
		{"jsc/call/screen", `{"id": "7", "on": true}`, `screen "7" true`},
		{"jsc/call/video", `{"on": true}`, `video "" true`},
		{"jsc/call/video", `{"id": "7", "on": false}`, `video "7" false`},
		{"jsc/call/video", `{"id": "7", "watch": true}`, `watch "7"`},
		{"jsc/call/mute", `{"audio": true}`, `mute "" true as it is`},
		{"jsc/call/mute", `{"id": "7", "audio": false, "video": true}`, `mute "7" false true`},
		{"jsc/conference/join", `{"ids": ["7", "8"]}`, `join ["7" "8"]`},
		{"jsc/conference/join", `null`, `join []`},
		{"jsc/conference/split", `{"id": "7"}`, `split "7"`},
		{"jsc/conference/silence", `{"id": "7", "on": true}`, `silence "7" true`},
		{"jsc/call/record", `{"id": "7", "on": true}`, `record "7" true`},
		{"jsc/call/dtmf/send", `{"id": "7", "tones": "1*#"}`, `dtmf "7" "1*#"`},
		{"jsc/call/transfer", `{"id": "7", "to": "carol"}`, `transfer "7" "carol"`},
		{"jsc/call/transfer", `{"to": "carol"}`, `transfer "" "carol"`},
		{"jsc/call/transfer", `{"id": "7", "replaces": "8"}`, `transfer "7" to call "8"`},
		{"jsc/call/transfer/answer", `{"id": "7", "accept": true}`, `wish "7" true`},
		{"jsc/call/transfer/answer", `{"accept": false}`, `wish "" false`},
		{"jsc/call/note", `{"id": "7", "text": "called back\n"}`, `note "7" "called back\n"`},
		{
			"jsc/contact/found", `{"id": "7", "name": "<b>Bob</b>", "photo": "p", "url": "javascript:x", "notes": "n", "fields": [{"label": "City", "value": "Bonn"}]}`,
			`found "7" {Name:<b>Bob</b> Photo:p URL:javascript:x Notes:n Fields:[{Label:City Value:Bonn}] Failed:false}`,
		},
		{"jsc/call/talk", `{"id": "7", "on": true}`, `talk "7" true`},
		{"jsc/devices/list", ``, `devices`},
		{"jsc/devices/choose", `{"kind": "audio_in", "id": "x"}`, `choose "audio_in" "x"`},
		{"jsc/devices/set", `{"push_to_talk": true}`, `turn "push_to_talk" true`},
		{"jsc/call/dtmf/confirm", `{"send": false}`, `confirm "" false`},
		{"jsc/message/send", `{"to": "bob", "text": "hi\n"}`, `message "bob" "hi\n"`},
		{
			"jsc/ua/login", `{"uri": "sip:a@b", "auth_user": "c", "password": "d", "display_name": "e"}`,
			`login {URI:sip:a@b AuthUser:c Password:d DisplayName:e Remember:false}`,
		},
		{"jsc/ua/dnd", `{"on": true}`, `dnd true`},
		{
			"jsc/ua/settings", `{"forward_busy": "carol", "anonymous": true, "forward_after": 10, "trusted_callers": ["a", "b"], "forward_always": null}`,
			`set map[dialing.anonymous:true session.forward_after:10 session.forward_always: session.forward_busy:carol session.trusted_callers:a b]`,
		},
		{"jsc/ua/logout", `{}`, `logout`},
		{"jsc/ua/guest", ``, `guest`},
		{"jsc/call/dial", `{"to": "bob", "guest": true}`, `dial {To:bob Video:false Headers:[] Location:<nil> Anonymous:<nil> Wait:true Guest:true}`},
		{"jsc/ua/register", ``, `register`},
		{"jsc/ua/unregister", `"whatever"`, `unregister`},
		{"jsc/destination/set", `"bob"`, `destination "bob"`},
	} {
		synctest.Test(t, func(t *testing.T) {
			h, end := newHost(t)
			defer end()
			h.command(tt.topic, []byte(tt.data))
			if got := h.topics(); len(got) > 0 {
				t.Errorf("%s published %v", tt.topic, got)
			}
			if !slices.Equal(h.phone.told, []string{tt.want}) {
				t.Errorf("%s %s: %v, want %s", tt.topic, tt.data, h.phone.told, tt.want)
			}
		})
	}
}

func TestEveryCommandIsTested(t *testing.T) {
	want := []string{
		"jsc/call/answer", "jsc/call/dial", "jsc/call/dtmf/confirm", "jsc/call/dtmf/send", "jsc/call/hangup", "jsc/call/hold", "jsc/call/mute", "jsc/call/note", "jsc/call/record", "jsc/call/reject", "jsc/call/screen",
		"jsc/call/talk", "jsc/call/transfer", "jsc/call/transfer/answer", "jsc/call/video",

		"jsc/conference/join", "jsc/conference/silence", "jsc/conference/split", "jsc/contact/found", "jsc/destination/set",
		"jsc/devices/choose", "jsc/devices/list", "jsc/devices/set",
		"jsc/message/send", "jsc/ua/dnd", "jsc/ua/guest", "jsc/ua/login", "jsc/ua/logout", "jsc/ua/register", "jsc/ua/settings", "jsc/ua/state", "jsc/ua/unregister",
	}
	if got := topics(); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestIllTypedCommandsAreRefusedWithASentence(t *testing.T) {
	for _, tt := range []struct{ topic, data, problem string }{
		{"jsc/contact/found", `{"fields": "x"}`, "fields cannot be a string"},
		{"jsc/contact/found", `{"name": {"toString": 1}}`, "name cannot be an object"},
		{"jsc/call/dial", `"bob"`, "the data cannot be a string"},
		{"jsc/call/dial", `[]`, "the data cannot be an array"},
		{"jsc/call/dial", `{"to": 7}`, "to cannot be a number"},
		{"jsc/call/dial", `{"to": "bob", "headers": {"X-A": 1}}`, `headers must be a text like "Name: value" or a list of them`},
		{"jsc/call/dial", `{"to": "bob", "headers": ["X-A: 1\r\nVia: x"]}`, "headers: has a character in it that cannot be shown"},
		{"jsc/call/dial", `{"to": "bob", "headers": "Contact: x"}`, "headers: Contact is written by the phone itself"},
		{"jsc/call/reject", `{"code": "busy"}`, "code cannot be a string"},
		{"jsc/call/reject", `{"code": 1e99}`, "code cannot be a number 1e99"},
		{"jsc/call/mute", `{"id": "7"}`, "audio or video is missing"},
		{"jsc/call/hold", `{"id": "7"}`, "on is missing"},
		{"jsc/call/record", `{"id": "7"}`, "on is missing"},
		{"jsc/ua/dnd", `{}`, "on is missing"},
		{"jsc/call/dtmf/confirm", `{}`, "send is missing"},
		{"jsc/ua/settings", `{"forward": "carol"}`, "forward is unknown"},
		{"jsc/call/screen", `{"id": "7"}`, "on is missing"},
		{"jsc/call/video", `{"id": "7"}`, "on or watch is missing"},
		{"jsc/call/dtmf/send", `{"tones": 5}`, "tones cannot be a number"},
		{"jsc/call/transfer", `{"to": "carol", "replaces": "8"}`, "either to or replaces, not both"},
		{"jsc/call/transfer/answer", `{"id": "7"}`, "accept is missing"},
		{"jsc/call/hangup", `not JSON`, "the data cannot be read: invalid character 'o' in literal null (expecting 'u')"},
		{"jsc/destination/set", `{"to": "bob"}`, "the data cannot be an object"},
		{"jsc/message/send", `{"to": "bob", "text": "` + strings.Repeat("x", longest) + `"}`, "the data is longer than 64 kB"},
	} {
		synctest.Test(t, func(t *testing.T) {
			h, end := newHost(t)
			defer end()
			notices := 0
			bus.Subscribe(h.bus, func(n phone.Notice) {
				notices++
				if n.Code != "error_command" || n.Params["Topic"] != tt.topic || n.Params["Problem"] != tt.problem {
					t.Errorf("%s %.60s: %+v, want %s", tt.topic, tt.data, n, tt.problem)
				}
			})
			h.command(tt.topic, []byte(tt.data))
			if got := h.topics(); notices != 1 || !slices.Equal(got, []string{"jsc/error"}) || len(h.phone.told) > 0 {
				t.Errorf("%s %.60s: %d notices, published %v, told %v", tt.topic, tt.data, notices, got, h.phone.told)
			}
		})
	}
}

func TestRefusedCommandIsExplained(t *testing.T) {
	for err, want := range map[error]string{
		phone.ErrWhichCall:     "error_which_call",
		sipcore.ErrDigits:      "error_digits",
		phone.ErrNotLoggedIn:   "error_not_logged_in",
		errors.New("internal"): "error_internal",
	} {
		synctest.Test(t, func(t *testing.T) {
			h, end := newHost(t)
			defer end()
			h.phone.err = err
			h.command("jsc/call/hangup", nil)
			synctest.Wait()
			if len(h.published) != 1 || !strings.HasPrefix(h.published[0], `jsc/error {"code":"`+want+`"`) {
				t.Errorf("%v: %v", err, h.published)
			}
		})
	}
}

func TestSettingsThatCannotBeAreRefused(t *testing.T) {
	for data, want := range map[string]string{
		`{"forward_always": "alice"}`: `jsc/error {"code":"error_forward_self"`,
		`{"forward_after": 0}`:        `jsc/error {"code":"error_config"`,
	} {
		synctest.Test(t, func(t *testing.T) {
			h, end := newHost(t)
			defer end()
			h.command("jsc/ua/settings", []byte(data))
			synctest.Wait()
			if len(h.published) != 1 || !strings.HasPrefix(h.published[0], want) {
				t.Errorf("%s: %v", data, h.published)
			}
		})
	}
}

func TestCommandsKeepTheirOrderAndStrangersAreIgnored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, end := newHost(t)
		defer end()
		var want []string
		for n := range 50 {
			h.command("jsc/destination/set", fmt.Appendf(nil, `"%d"`, n))
			h.command("jsc/call/state", []byte(`{}`))
			want = append(want, fmt.Sprintf("destination %q", fmt.Sprint(n)))
		}
		synctest.Wait()
		if !slices.Equal(h.phone.told, want) {
			t.Errorf("got %v", h.phone.told)
		}
	})
}

func TestSnapshotOnRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, end := newHost(t)
		defer end()
		h.phone.now = phone.Snapshot{Link: phone.Link{State: phone.LinkUp}, Calls: []phone.Call{{ID: "1"}, {ID: "2"}}}
		h.command("jsc/ua/state", nil)
		synctest.Wait()
		topic, data, _ := strings.Cut(strings.Join(h.published, "\n"), " ")
		var got struct {
			Link, Registration struct{ State string }
			Calls              []struct{ ID string }
		}
		if err := json.Unmarshal([]byte(data), &got); err != nil {
			t.Fatal(err)
		}
		if topic != "jsc/ua/snapshot" || got.Link.State != "up" || len(got.Calls) != 2 || got.Calls[1].ID != "2" {
			t.Errorf("%s %+v", topic, got)
		}
	})
}

func TestBridgeBeginsWithWhatStandsAndEndsWithClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, end := newHost(t, phone.Link{State: phone.LinkUp})
		if got := h.topics(); !slices.Equal(got, []string{"jsc/link/state", "jsc/ua/idle"}) {
			t.Errorf("at the start: %v", got)
		}
		h.Close()
		bus.Publish(h.bus, phone.Link{State: phone.LinkDown})
		h.command("jsc/ua/logout", nil)
		if got := h.topics(); len(got)+len(h.phone.told) > 0 {
			t.Errorf("after Close: %v %v", got, h.phone.told)
		}
		end()
	})
}
