package transact_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/transact"
)

const wellFormed = "MESSAGE sip:alice@token.invalid SIP/2.0\r\n" +
	"Via: SIP/2.0/WS a.invalid;branch=z9hG4bK1\r\n" +
	"Max-Forwards: 70\r\n" +
	"From: <sip:bob@example.test>;tag=f\r\n" +
	"To: <sip:alice@example.test>\r\n" +
	"Call-ID: c\r\n" +
	"CSeq: 1 MESSAGE\r\n" +
	"Content-Length: 2\r\n\r\nhi"

// outcome is what a layer does with one message.
type outcome struct {
	reported []sip.Message
	sent     []string
}

// receive has a layer of its own take one message.
func receive(tb testing.TB, data string) outcome {
	tb.Helper()
	var o outcome
	loop := sipcore.NewLoop(slog.New(slog.DiscardHandler))
	layer, err := transact.New(transact.Config{
		Loop:      loop,
		Log:       slog.New(slog.DiscardHandler),
		Send:      func(msg []byte) error { o.sent = append(o.sent, string(msg)); return nil },
		OnRequest: func(s *transact.Server) { o.reported = append(o.reported, s.Request()) },
		OnAck:     func(ack *sip.Request) { o.reported = append(o.reported, ack) },
		OnStray:   func(res *sip.Response) { o.reported = append(o.reported, res) },
	})
	if err != nil {
		tb.Fatal(err)
	}
	defer func() {
		loop.Close()
		<-loop.Done()
	}()
	panicked := true
	if err := loop.Do(tb.Context(), func() {
		layer.Receive([]byte(data))
		layer.Close()
		panicked = false
	}); err != nil {
		tb.Fatal(err)
	}
	if panicked {
		tb.Errorf("panic at %q", data)
	}
	return o
}

func TestMalformedMessages(t *testing.T) {
	tests := []struct {
		name     string
		old, new string // what is changed in a well-formed MESSAGE
		want     string // start of the answer; "" = dropped
	}{
		{"no Via", "Via", "X-Via", ""},
		{"malformed Via", "SIP/2.0/WS", "SIP", "SIP/2.0 400 "},
		{"Via without host", "a.invalid", "", "SIP/2.0 400 "},
		{"Via with a port that is none", "a.invalid", "a.invalid:x", "SIP/2.0 400 Malformed Via"},
		{"Via with too great a port", "a.invalid", "a.invalid:65536", "SIP/2.0 400 Malformed Via"},
		{"no From", "From", "X-From", "SIP/2.0 400 Missing From"},
		{"no To", "To", "X-To", "SIP/2.0 400 Missing To"},
		{"no Call-ID", "Call-ID", "X-Call-ID", "SIP/2.0 400 Missing Call-ID"},
		{"no CSeq", "CSeq", "X-CSeq", ""},
		{"CSeq of another method", "1 MESSAGE", "1 INVITE", "SIP/2.0 400 CSeq method"},
		{"CSeq without number", "1 MESSAGE", "MESSAGE", "SIP/2.0 400 "},
		{"CSeq too great", "1 MESSAGE", "4294967296 MESSAGE", "SIP/2.0 400 "},
		{"CSeq twice", "CSeq: 1 MESSAGE", "CSeq: 1 MESSAGE\r\nCSeq: 2 MESSAGE", "SIP/2.0 400 More than one CSeq"},
		{"Max-Forwards too great", "70", "256", "SIP/2.0 400 Max-Forwards"},
		{"Max-Forwards negative", "70", "-1", "SIP/2.0 400 "},
		{"body shorter than Content-Length", "Length: 2", "Length: 3", "SIP/2.0 400 "},
		{"Content-Length negative", "Length: 2", "Length: -2", "SIP/2.0 400 "},
		{"Content-Length huge", "Length: 2", "Length: 4294967295", "SIP/2.0 400 "},
		{"another SIP version", "SIP/2.0\r\nVia", "SIP/3.0\r\nVia", "SIP/2.0 505 "},
		{"another method spelling in CSeq", "MESSAGE sip", "message sip", "SIP/2.0 400 CSeq method"},
		{"Request-URI without host", "sip:alice@token.invalid", "sip:alice@", "SIP/2.0 400 Malformed Request-URI"},
		{"bare line feed", "tag=f", "tag=f\nX-Smuggled: 1", "SIP/2.0 400 Bare line feed"},
		{"bare carriage return", "tag=f", "tag=f\rX-Smuggled: 1", "SIP/2.0 400 Bare line feed"},
		{"no end of the header section", "\r\n\r\nhi", "", "SIP/2.0 400 "},
		{"line without colon", "Max-Forwards: 70", "Max-Forwards", "SIP/2.0 400 "},
		{"ACK", "MESSAGE", "ACK", ""},
		{"no SIP at all", wellFormed, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", ""},
		{"too large", "hi", strings.Repeat("x", 1<<19), ""},
		{"keep-alive", wellFormed, "\r\n\r\n", ""},
		{"nothing", wellFormed, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			data := strings.ReplaceAll(wellFormed, tt.old, tt.new)
			if tt.name == "ACK" {
				data = strings.Replace(data, "Max-Forwards: 70", "Max-Forwards: 700", 1)
			}
			o := receive(t, data)
			if len(o.reported) != 0 {
				t.Errorf("reported:\n%s", o.reported[0])
			}
			switch {
			case tt.want == "" && len(o.sent) != 0:
				t.Errorf("answered with %q, want nothing", o.sent)
			case tt.want != "" && (len(o.sent) != 1 || !strings.HasPrefix(o.sent[0], tt.want)):
				t.Errorf("answered with %q, want %q", o.sent, tt.want)
			}
			for _, msg := range o.sent {
				if strings.Contains(msg, "\nX-Smuggled") {
					t.Errorf("the answer carries a smuggled header field: %q", msg)
				}
			}
		})
	}
}

func TestMalformedResponsesAreDropped(t *testing.T) {
	ok := strings.Replace(wellFormed, "MESSAGE sip:alice@token.invalid SIP/2.0", "SIP/2.0 200 OK", 1)
	ok = strings.Replace(ok, "1 MESSAGE", "1 INVITE", 1)
	if o := receive(t, ok); len(o.reported) != 1 {
		t.Fatal("the well-formed one was not reported")
	}
	for _, change := range [][2]string{
		{"200", "99"},
		{"200", "700"},
		{"200", "4294967496"},
		{"200", "2xx"},
		{"SIP/2.0 200", "SIP/3.0 200"},
		{"Via", "X-Via"},
		{"CSeq", "X-CSeq"},
		{"Length: 2", "Length: 3"},
		{"branch=z9hG4bK1", "branch=1"},
	} {
		o := receive(t, strings.Replace(ok, change[0], change[1], 1))
		if len(o.reported) != 0 || len(o.sent) != 0 {
			t.Errorf("%q for %q: reported %d, sent %q", change[1], change[0], len(o.reported), o.sent)
		}
	}
}

func TestUnusualSpellingsAreEvenedOut(t *testing.T) {
	data := strings.NewReplacer(
		"Via: SIP/2.0/WS a.invalid;branch=", "v: SIP / 2.0 / WS  a.invalid ; BRANCH = ",
		";tag=f", " ; Tag = f",
		"Content-Length: 2", "k: timer,\r\n 100rel\r\nl: 2\r\nx: 1800",
	).Replace(wellFormed)
	o := receive(t, "\r\n"+data)
	if len(o.reported) != 1 {
		t.Fatalf("not reported, sent %q", o.sent)
	}
	req := o.reported[0].(*sip.Request)
	if got := req.Via().Params.GetOr("branch", ""); got != "z9hG4bK1" {
		t.Errorf("branch is %q", got)
	}
	if got := req.From().Params.GetOr("tag", ""); got != "f" {
		t.Errorf("From tag is %q", got)
	}
	for name, want := range map[string]string{"Supported": "timer, 100rel", "Session-Expires": "1800"} {
		if h := req.GetHeader(name); h == nil || h.Value() != want {
			t.Errorf("%s is %v, want %q", name, h, want)
		}
	}
	if string(req.Body()) != "hi" {
		t.Errorf("the body is %q", req.Body())
	}
}

func FuzzReceive(f *testing.F) {
	f.Add(wellFormed)
	files, err := filepath.Glob("../siptest/testdata/rfc4475/*.dat")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Fuzz(func(t *testing.T, data string) {
		o := receive(t, data)
		if len(o.reported) > 1 || len(o.sent) > 1 {
			t.Errorf("reported %d messages and sent %d", len(o.reported), len(o.sent))
		}
		for _, msg := range o.reported {
			if msg.Via() == nil || msg.CSeq() == nil || msg.CallID() == nil || msg.From() == nil || msg.To() == nil {
				t.Errorf("reported without a mandatory header field:\n%s", msg)
			}
			if req, ok := msg.(*sip.Request); ok {
				_ = transact.NewResponse(req, 200, "OK").String()
			}
		}
		for _, msg := range o.sent {
			head, _, ok := strings.Cut(msg, "\r\n\r\n")
			if !ok || !strings.HasPrefix(msg, "SIP/2.0 ") || strings.Count(head, "\n") != strings.Count(head, "\r\n") {
				t.Errorf("answered with %q", msg)
			}
		}
	})
}
