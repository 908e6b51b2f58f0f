package sipcore_test

import (
	"strings"
	"testing"
	"time"

	"gocommunicator/sipcore"
)

func TestBlankTakesSecretsAndLeavesTheRest(t *testing.T) {
	for in, want := range map[string]string{
		`Authorization: Digest username="alice", realm="A \"b\", c", nonce="n1", uri="sip:x", response="c0ffee", algorithm=MD5, cnonce="dead", qop=auth, nc=00000001`: `Authorization: Digest username="alice", realm="A \"b\", c", nonce="n1", uri="sip:x", response=•••, algorithm=MD5, cnonce=•••, qop=auth, nc=00000001`,
		`proxy-authorization:Digest username="alice" response="c0ffee"`:                                                                                               `proxy-authorization:Digest username="alice" response=•••`,
		`Authorization: Digest username=alice response=c0ffee`:                                                                                                        `Authorization: Digest username=alice response=•••`,
		`Authorization: Digest username="alice, response=c0ffee`:                                                                                                      `Authorization: •••`,
		`Authorization: Digest realm="x", nonce=`:                                                                                                                     `Authorization: Digest realm="x", nonce=`,
		`Authorization: Bearer c0ffee.c0ffee`:                                                                                                                         `Authorization: •••`,
		`Authorization: response="c0ffee"`:                                                                                                                            `Authorization: •••`,
		"Authorization: Digest username=\"a\",\r\n response=\"c0ffee\"\r\nTo: <sip:b@c>":                                                                              "Authorization: Digest username=\"a\",\r\n response=•••\r\nTo: <sip:b@c>",
		"Authorization: Digest username=\"a\rb\", response=\"c0ffee\"\r\nTo: x":                                                                                       "Authorization: •••\rb\", response=•••\r\nTo: x",
		`WWW-Authenticate: Digest realm="x", nonce="n1", qop="auth"`:                                                                                                  `WWW-Authenticate: Digest realm="x", nonce="n1", qop="auth"`,
		`Authentication-Info: nextnonce="n2", rspauth="c0ffee", cnonce="dead", nc=1`:                                                                                  `Authentication-Info: nextnonce="n2", rspauth=•••, cnonce=•••, nc=1`,
		`Identity: c0ffee;info=<https://x>`:                                                                                                                           `Identity: •••`,
		`y: c0ffee`:                                                                                                                                                   `y: •••`,
		`Cookie: WSSessionInfo=c0ffee`:                                                                                                                                `Cookie: •••`,
		`X-WS-Session-Extra: some_token=c0ffee`:                                                                                                                       `X-WS-Session-Extra: •••`,
		`X-Whatever: access_token=c0ffee; lang=en`:                                                                                                                    `X-Whatever: access_token=•••; lang=en`,
		`X-Whatever: Bearer c0ffee`:                                                                                                                                   `X-Whatever: Bearer •••`,
		`To: "B" <sip:bob:c0ffee@example.test>;tag=1`:                                                                                                                 `To: "B" <sip:bob:•••@example.test>;tag=1`,
		`REGISTER sip:a:c0ffee@b SIP/2.0`:                                                                                                                             `REGISTER sip:a:•••@b SIP/2.0`,
		`Contact: <sip:a@b;pn-prid=c0ffee>`:                                                                                                                           `Contact: <sip:a@b;pn-prid=•••>`,
		`Call-Info: <https://u:c0ffee@h/x?token=c0ffee&lang=en>`:                                                                                                      `Call-Info: <https://u:•••@h/x?token=•••&lang=en>`,
		`a=ice-ufrag:aB3d`:       `a=ice-ufrag:aB3d`,
		`a=ice-pwd:c0ffeec0ffee`: `a=ice-pwd:•••`,
		`a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c0ffee/+==|2^20|1:32`:              `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:•••|2^20|1:32`,
		`a=fingerprint:sha-256 AA:BB`:                                                 `a=fingerprint:sha-256 AA:BB`,
		`a=candidate:1 1 udp 2113937151 198.51.100.7 50000 typ host`:                  `a=candidate:1 1 udp 2113937151 198.51.100.7 50000 typ host`,
		"INVITE sip:bob@b SIP/2.0\r\nCall-ID: a:b@c\r\nCSeq: 1 INVITE\r\n\r\nv=0\r\n": "INVITE sip:bob@b SIP/2.0\r\nCall-ID: a:b@c\r\nCSeq: 1 INVITE\r\n\r\nv=0\r\n",
		"": "",
	} {
		if got := sipcore.Blank([]byte(in)); got != want {
			t.Errorf("%q\ngot  %q\nwant %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"wss://example.test/sip":                                  "wss://example.test/sip",
		"wss://u:c0ffee@h:1/sip;WSSessionMAC=c0ffee?token=c0ffee": "wss://u:•••@h:1/sip",
		"wss://h/sip?x=c0ffee":                                    "wss://h/sip",
	} {
		if got := sipcore.BlankURL(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// A message made to be slow to look through is not.
func TestBlankIsLinear(t *testing.T) {
	for _, piece := range []string{"a:b:c@", "token=x ", "=", " ", "\"", "response", "Authorization: Digest a=\"\","} {
		begin := time.Now()
		sipcore.Blank([]byte(strings.Repeat(piece, 1<<20/len(piece))))
		if took := time.Since(begin); took > 5*time.Second {
			t.Errorf("1 MB of %q: %v", piece, took)
		}
	}
}

// Whatever stands around it, a secret in one of its places does not survive.
func FuzzBlankLetsNoSecretThrough(f *testing.F) {
	f.Add("INVITE sip:b@c SIP/2.0\r\n", `, realm="x"`, byte(0))
	f.Add("", "\r\n folded", byte(1))
	f.Add("a\r", `",`, byte(2))
	f.Add("Authorization: Digest username=\"", "", byte(3))
	f.Add("x", ";y", byte(4))
	const secret = "c0ffeec0ffeec0ffee"
	places := []string{
		`Authorization: Digest username="a", response="` + secret + `"`,
		"Proxy-Authorization: Digest nc=1,\r\n\tresponse=\"" + secret + `"`,
		`authorization : Bearer ` + secret,
		`a=ice-pwd:` + secret,
		`a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:` + secret,
		`Identity: ` + secret,
		`To: <sip:bob:` + secret + `@example.test>`,
		`X-Token: session_token = "` + secret + `"`,
	}
	f.Fuzz(func(t *testing.T, before, after string, place byte) {
		if strings.Contains(before+after, "c0ffee") {
			t.Skip("the secret stands elsewhere")
		}
		message := before + "\r\n" + places[int(place)%len(places)] + after
		if blanked := sipcore.Blank([]byte(message)); strings.Contains(blanked, secret) {
			t.Errorf("%q\nlets through %q", message, blanked)
		}
	})
}
