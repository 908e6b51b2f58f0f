package dialog_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore/dialog"
)

func parse[T sip.Message](t *testing.T, lines ...string) T {
	t.Helper()
	msg, err := sip.ParseMessage([]byte(strings.Join(lines, "\r\n") + "\r\n\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	return msg.(T)
}

var common = []string{
	`Via: SIP/2.0/WS a.invalid;branch=z9hG4bK1`, `From: "Al" <sip:alice@example.test>;tag=a`,
	`Call-ID: c1`, `CSeq: 7 INVITE`, `Contact: <sip:alice@a.invalid;transport=ws>`, `Max-Forwards: 70`,
}

func invite(t *testing.T, extra ...string) *sip.Request {
	return parse[*sip.Request](t, append(append([]string{"INVITE sip:bob@example.test SIP/2.0", "To: <sip:bob@example.test>"}, common...), extra...)...)
}

func response(t *testing.T, line, tag string, extra ...string) *sip.Response {
	return parse[*sip.Response](t, append(append([]string{"SIP/2.0 " + line, "To: <sip:bob@example.test>" + tag}, common[:4]...), extra...)...)
}

func TestRouteSetAndTargetOfTheCaller(t *testing.T) {
	d, err := dialog.NewUAC(invite(t), response(t, "180 Ringing", ";tag=b", "Contact: <sip:bob@early.test>",
		"Record-Route: <sip:p2.test;lr>, <sip:p1.test:5080;transport=ws;lr>"))
	if err != nil {
		t.Fatal(err)
	}
	if d.State != dialog.Early || d.ID() != (dialog.ID{CallID: "c1", LocalTag: "a", RemoteTag: "b"}) {
		t.Errorf("dialog %+v", d)
	}
	// The 2xx decides about route set and target (RFC 3261 §13.2.2.4).
	if err := d.Confirm(response(t, "200 OK", ";tag=b", "Contact: <sip:bob@final.test>",
		"Record-Route: <sip:p3.test;lr>", "Record-Route: <sip:p1.test;lr>")); err != nil {
		t.Fatal(err)
	}
	bye := d.NewRequest(sip.BYE)
	if got := bye.Recipient.String(); got != "sip:bob@final.test" {
		t.Errorf("Request-URI %s", got)
	}
	if got := routes(bye); got != "<sip:p1.test;lr> <sip:p3.test;lr>" {
		t.Errorf("Route %s", got)
	}
	if bye.CSeq().SeqNo != 8 || bye.Contact() != nil {
		t.Errorf("BYE:\n%s", bye)
	}
	ack := d.Ack(invite(t, `Proxy-Authorization: Digest username="a"`))
	if ack.CSeq().SeqNo != 7 || ack.GetHeader("Proxy-Authorization") == nil {
		t.Errorf("ACK:\n%s", ack)
	}
}

func TestRouteSetOfTheCallee(t *testing.T) {
	d, err := dialog.NewUAS(invite(t, "Record-Route: <sip:p1.test;lr>, <sip:p2.test;lr>"), "b", sip.Uri{Scheme: "sip", User: "x", Host: "b.invalid"})
	if err != nil {
		t.Fatal(err)
	}
	re := d.NewRequest(sip.INVITE)
	if got := routes(re); got != "<sip:p1.test;lr> <sip:p2.test;lr>" {
		t.Errorf("Route %s", got)
	}
	if tag, _ := re.From().Params.Get("tag"); tag != "b" || re.Contact().Address.Host != "b.invalid" {
		t.Errorf("re-INVITE:\n%s", re)
	}
	if d.Remote().Name != "Al" || d.Remote().AOR() != "sip:alice@example.test" {
		t.Errorf("remote %+v", d.Remote())
	}
}

func TestStrictRouterStandsInTheRequestURI(t *testing.T) {
	d, err := dialog.NewUAC(invite(t), response(t, "200 OK", ";tag=b", "Contact: <sip:bob@far.test>",
		"Record-Route: <sip:loose.test;lr>", "Record-Route: <sip:strict.test>"))
	if err != nil {
		t.Fatal(err)
	}
	bye := d.NewRequest(sip.BYE)
	if got := bye.Recipient.Host; got != "strict.test" {
		t.Errorf("Request-URI host %s", got)
	}
	if got := routes(bye); got != "<sip:loose.test;lr> <sip:bob@far.test>" {
		t.Errorf("Route %s", got)
	}
}

func TestWhatFoundsNoDialog(t *testing.T) {
	for name, res := range map[string]*sip.Response{
		"no tag":                  response(t, "180 Ringing", ""),
		"2xx without Contact":     response(t, "200 OK", ";tag=b"),
		"2xx with a mail address": response(t, "200 OK", ";tag=b", "Contact: <mailto:bob@example.test>"),
	} {
		if _, err := dialog.NewUAC(invite(t), res); !errors.Is(err, dialog.ErrNotDialog) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSequenceNumbers(t *testing.T) {
	d, err := dialog.NewUAS(invite(t), "b", sip.Uri{Scheme: "sip", Host: "b.invalid"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		seq string
		ok  bool
	}{{"8", true}, {"12", true}, {"11", false}, {"12", true}, {"2147483647", true}} {
		lines := append([]string{"INFO sip:x@b.invalid SIP/2.0", "To: <sip:bob@example.test>;tag=b"}, common[:3]...)
		err := d.Receive(parse[*sip.Request](t, append(lines, "CSeq: "+c.seq+" INFO", "Max-Forwards: 70")...))
		if (err == nil) != c.ok {
			t.Errorf("CSeq %s: %v", c.seq, err)
		}
	}
}

func TestTargetRefresh(t *testing.T) {
	d, _ := dialog.NewUAC(invite(t), response(t, "200 OK", ";tag=b", "Contact: <sip:bob@old.test>"))
	d.Refresh(response(t, "200 OK", ";tag=b"))
	if !strings.Contains(d.RemoteTarget, "old.test") {
		t.Errorf("target %s after a message without Contact", d.RemoteTarget)
	}
	d.Refresh(response(t, "200 OK", ";tag=b", "Contact: <sip:bob@new.test>"))
	if !strings.Contains(d.RemoteTarget, "new.test") {
		t.Errorf("target %s", d.RemoteTarget)
	}
}

func TestDialogSurvivesJSON(t *testing.T) {
	d, err := dialog.NewUAC(invite(t), response(t, "200 OK", ";tag=b", "Contact: <sip:bob@far.test>", "Record-Route: <sip:p.test;lr>"))
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var again dialog.Dialog
	if err := json.Unmarshal(data, &again); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(*d, again) {
		t.Errorf("%+v\nis not\n%+v", again, *d)
	}
	if got, want := again.NewRequest(sip.BYE).String(), d.NewRequest(sip.BYE).String(); got != want {
		t.Errorf("requests differ:\n%s\n%s", got, want)
	}
}

func routes(req *sip.Request) string {
	var all []string
	for _, h := range req.GetHeaders("Route") {
		all = append(all, h.Value())
	}
	return strings.Join(all, " ")
}
