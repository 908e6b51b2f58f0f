package sipcore_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
)

func withBody(contentType, body string) *sip.Request {
	req := sip.NewRequest(sip.INVITE, sip.Uri{Scheme: "sip", User: "bob", Host: "example.test"})
	if contentType != "" {
		req.AppendHeader(sip.NewHeader("Content-Type", contentType))
	}
	req.SetBody([]byte(body))
	return req
}

func shown(parts []sipcore.Part, err error) string {
	var b strings.Builder
	for _, p := range parts {
		fmt.Fprintf(&b, "%s %q %v %q; ", p.Type, p.ID, p.Optional, p.Body)
	}
	return fmt.Sprint(b.String(), err)
}

func TestBodiesAreTakenApart(t *testing.T) {
	const two = "--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n--b\r\ncontent-type:Application/PIDF+xml; charset=utf-8\r\n" +
		"Content-ID: <x@y>\r\nContent-Disposition: by-reference; Handling=OPTIONAL\r\n\r\n<presence/>\r\n--b--\r\n"
	const apart = `application/sdp "" false "v=0\r\n"; application/pidf+xml "x@y" true "<presence/>"; <nil>`
	for name, test := range map[string]struct{ kind, body, want string }{
		"none":               {"application/sdp", "", "<nil>"},
		"one":                {"Application/SDP; charset=utf-8", "v=0", `application/sdp "" false "v=0"; <nil>`},
		"one without a type": {"", "v=0", ` "" false "v=0"; <nil>`},
		"mixed":              {"multipart/mixed;boundary=b", two, apart},
		"quoted, last":       {`Multipart/Related; type="application/sdp"; Boundary="b"`, "A preamble.\r\n" + two + "An epilogue.", apart},
		"no headers":         {"multipart/mixed;boundary=b", "--b\r\n\r\nhello\r\n--b--", `text/plain "" false "hello"; <nil>`},
		"no boundary":        {"multipart/mixed", two, sipcore.ErrBody.Error()},
		"another boundary":   {"multipart/mixed;boundary=c", two, sipcore.ErrBody.Error()},
		"no end":             {"multipart/mixed;boundary=b", strings.TrimSuffix(two, "--b--\r\n"), sipcore.ErrBody.Error()},
		"too many":           {"multipart/mixed;boundary=b", strings.Repeat("--b\r\n\r\n\r\n", 100) + "--b--", sipcore.ErrBody.Error()},
	} {
		if got := shown(sipcore.Parts(withBody(test.kind, test.body))); got != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, test.want)
		}
	}
	coded := withBody("application/sdp", "v=0")
	coded.AppendHeader(sip.NewHeader("Content-Encoding", "gzip"))
	if got := shown(sipcore.Parts(coded)); got != sipcore.ErrBody.Error() {
		t.Errorf("coded: %s", got)
	}
	req := withBody("multipart/mixed;boundary=b", two)
	if got := string(sipcore.PartOf(req, sipcore.TypeSDP)); got != "v=0\r\n" {
		t.Errorf("description %q", got)
	}
}

func FuzzParts(f *testing.F) {
	f.Add("multipart/mixed;boundary=b", "--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--b--\r\n")
	f.Add("multipart/mixed;boundary=\"\"", "----")
	f.Fuzz(func(t *testing.T, kind, body string) {
		if strings.ContainsAny(kind, "\r\n") {
			t.Skip("no header field has that in it")
		}
		parts, err := sipcore.Parts(withBody(kind, body))
		size := 0
		for _, p := range parts {
			size += len(p.Body)
		}
		if size > len(body) || err != nil && parts != nil {
			t.Errorf("%d bytes of %d, %v", size, len(body), err)
		}
	})
}
