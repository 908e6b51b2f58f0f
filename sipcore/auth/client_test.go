package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
)

var alice = Credentials{Username: "alice", Password: "s3cret"}

func newRequest(method sip.RequestMethod, uri string) *sip.Request {
	var u sip.Uri
	if err := sip.ParseUri(uri, &u); err != nil {
		panic(err)
	}
	return sip.NewRequest(method, u)
}

func register() *sip.Request { return newRequest(sip.REGISTER, "sip:example.org;transport=ws") }

// unauthorized makes a 401 of WWW-Authenticate fields.
func unauthorized(fields ...string) *sip.Response {
	res := sip.NewResponse(401, "Unauthorized")
	for _, f := range fields {
		res.AppendHeader(sip.NewHeader("WWW-Authenticate", f))
	}
	return res
}

func challengeFor(nonce string, more ...string) string {
	return strings.Join(append([]string{`Digest realm="example.org", qop="auth", nonce=` + quote(nonce)}, more...), ", ")
}

// answers returns the parameters of the request's Authorization fields.
func answers(t *testing.T, req *sip.Request, want int) []map[string]string {
	t.Helper()
	got := answersIn(req, atServer)
	if len(got) != want {
		t.Fatalf("%d answers in\n%s, want %d", len(got), req, want)
	}
	return got
}

func mustAuthorize(t *testing.T, c *Client, req *sip.Request, res *sip.Response) {
	t.Helper()
	if err := c.Authorize(req, res); err != nil {
		t.Fatalf("Authorize: %v", err)
	}
}

func TestAnswerHoldsWhatTheChallengeAskedFor(t *testing.T) {
	tests := []struct {
		name, challenge string
		algorithm, qop  string
	}{
		{"RFC 2069", `Digest realm="example.org", nonce="n"`, "", ""},
		{"MD5 said", `Digest realm="example.org", nonce="n", algorithm="md5", qop=auth`, "MD5", "auth"},
		{"both qualities", `Digest realm="example.org", nonce="n", qop="auth-int, auth"`, "", "auth"},
		{"auth-int only", `Digest realm="example.org", nonce="n", qop="auth-int", algorithm=SHA-256`, "SHA-256", "auth-int"},
		{"session", `Digest realm="example.org", nonce="n", qop="auth", algorithm=SHA-512-256-sess`, "SHA-512-256-sess", "auth"},
		{"session without qop", `Digest realm="example.org", nonce="n", algorithm=MD5-sess`, "MD5-sess", ""},
		{"opaque with escapes", `Digest realm="example.org", nonce="n", qop="auth", opaque="a\"b\\c"`, "", "auth"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			req := register()
			req.SetBody([]byte("body"))
			mustAuthorize(t, NewClient(alice), req, unauthorized(tt.challenge))
			got := answers(t, req, 1)[0]
			if got["algorithm"] != tt.algorithm || got["qop"] != tt.qop || got["username"] != "alice" {
				t.Errorf("answer is %v", got)
			}
			if got["uri"] != "sip:example.org;transport=ws" {
				t.Errorf("digest-uri is %q", got["uri"])
			}
			if strings.Contains(tt.challenge, "opaque") && got["opaque"] != `a"b\c` {
				t.Errorf("opaque is %q", got["opaque"])
			}
			h, _ := lookupDigest(tt.algorithm)
			want := answer{
				digest: h, ha1: h.sum("alice:example.org:s3cret"), nonce: "n", cnonce: got["cnonce"], nc: 1,
				qop: tt.qop, method: "REGISTER", uri: got["uri"], body: []byte("body"),
			}.response()
			if got["response"] != want {
				t.Errorf("response is %s, want %s", got["response"], want)
			}
		})
	}
}

func TestStrongestChallengeOfEachRealmIsAnswered(t *testing.T) {
	all := []string{
		`Digest realm="a", nonce="1", qop="auth", algorithm=MD5`,
		`Digest realm="a", nonce="2", qop="auth", algorithm=SHA-512-256`,
		`Digest realm="a", nonce="3", qop="auth", algorithm=SHA-256`,
		`Digest realm="a", nonce="4", qop="auth", algorithm=AKAv1-MD5`,
		`Basic realm="a"`,
		`Digest realm="b", nonce="5"`,
	}
	for name, res := range map[string]*sip.Response{
		"several fields": unauthorized(all...),
		"one field":      unauthorized(strings.Join(all, ", ")),
	} {
		t.Run(name, func(t *testing.T) {
			req := register()
			mustAuthorize(t, NewClient(alice), req, res)
			got := answers(t, req, 2)
			if got[0]["nonce"] != "2" || got[1]["nonce"] != "5" {
				t.Errorf("answered %v", got)
			}
		})
	}
}

// known is what a password comes to.
func known(algorithm, realm string) Digest {
	h, _ := lookupDigest(algorithm)
	return Digest{Realm: realm, Algorithm: algorithm, HA1: HA1(h.sum("alice:" + realm + ":s3cret"))}
}

func TestDigestInPlaceOfPassword(t *testing.T) {
	all := []string{"MD5", "SHA-256", "SHA-512-256", "MD5-sess", "SHA-256-sess", "SHA-512-256-sess"}
	for _, algorithm := range all {
		for _, qop := range []string{"", qopAuth, qopAuthInt} {
			t.Run(algorithm+" "+qop, func(t *testing.T) {
				base, _ := lookupDigest(algorithm)
				digest := known(base.base, "example.org")
				digest.HA1 = HA1(strings.ToUpper(string(digest.HA1)))
				challenge := `Digest realm="example.org", nonce="n", algorithm=` + algorithm
				if qop != "" {
					challenge += ", qop=" + quote(qop)
				}
				req := register()
				req.SetBody([]byte("body"))
				c := NewClient(Credentials{Username: "alice", Digests: []Digest{known("MD5", "other"), digest}})
				mustAuthorize(t, c, req, unauthorized(challenge))
				got := answers(t, req, 1)[0]
				want := answer{
					digest: base, ha1: base.sum("alice:example.org:s3cret"), nonce: "n", cnonce: got["cnonce"], nc: 1,
					qop: qop, method: "REGISTER", uri: got["uri"], body: []byte("body"),
				}.response()
				if got["response"] != want {
					t.Errorf("answer is %v, want %s", got, want)
				}
			})
		}
	}
}

func TestDigestIsBoundToRealmAndAlgorithm(t *testing.T) {
	c := NewClient(Credentials{Username: "alice", Digests: []Digest{
		known("SHA-256", "example.org"), known("MD5", "proxy"), {Realm: "empty", Algorithm: "MD5"}, {Realm: "new", Algorithm: "SHA-3"},
	}})
	t.Run("the challenge that it serves is taken", func(t *testing.T) {
		req := register()
		mustAuthorize(t, c, req, unauthorized(
			challengeFor("n", "algorithm=SHA-512-256"), challengeFor("m", "algorithm=SHA-256"), challengeFor("o"),
			`Digest realm="other", nonce="p"`, `Digest realm="proxy", nonce="q"`))
		got := answers(t, req, 2)
		if got[0]["nonce"] != "m" || got[1]["nonce"] != "q" {
			t.Errorf("answers are %v", got)
		}
	})
	for name, challenge := range map[string]string{
		"another realm":          `Digest realm="other", nonce="n", algorithm=SHA-256`,
		"realm in another case":  `Digest realm="Example.org", nonce="n", algorithm=SHA-256`,
		"another algorithm":      challengeFor("n"),
		"the other's algorithm":  `Digest realm="proxy", nonce="n", algorithm=SHA-256`,
		"a digest that is empty": `Digest realm="empty", nonce="n"`,
		"an unknown algorithm":   `Digest realm="new", nonce="n", algorithm=SHA-3`,
	} {
		t.Run(name, func(t *testing.T) {
			if err := c.Authorize(register(), unauthorized(challenge)); !errors.Is(err, ErrNoChallenge) {
				t.Errorf("it was answered: %v", err)
			}
		})
	}
}

func TestDigestsAreLearntFromWhatWasAccepted(t *testing.T) {
	c, req := NewClient(alice), register()
	proxy := sip.NewResponse(407, "Proxy Authentication Required")
	proxy.AppendHeader(sip.NewHeader("Proxy-Authenticate", `Digest realm="proxy", nonce="p", qop="auth"`))
	mustAuthorize(t, c, req, proxy)
	mustAuthorize(t, c, req, unauthorized(
		challengeFor("m", "algorithm=MD5"), challengeFor("n", "algorithm=SHA-256-sess"), challengeFor("o", "algorithm=SHA-256"),
		challengeFor("a", "algorithm=AKAv1-MD5")))
	if got := c.Digests(); len(got) != 0 {
		t.Errorf("before the server has agreed: %v", got)
	}
	c.Learn(req, sip.NewResponse(200, "OK"))
	mustAuthorize(t, c, register(), unauthorized(`Digest realm="wrong", nonce="w"`))
	want := []Digest{known("MD5", "proxy"), known("MD5", "example.org"), known("SHA-256", "example.org")}
	if got := c.Digests(); !slices.Equal(got, want) {
		t.Errorf("%d digests, want %d", len(got), len(want))
	}

	t.Run("a new nonce does not unlearn them", func(t *testing.T) {
		req := register()
		c.Preload(req)
		mustAuthorize(t, c, req, unauthorized(challengeFor("later", "algorithm=SHA-256")))
		if got := c.Digests(); !slices.Contains(got, known("SHA-256", "example.org")) {
			t.Errorf("%d digests are left", len(got))
		}
	})
	t.Run("they do for the password", func(t *testing.T) {
		again := NewClient(Credentials{Username: "alice", Digests: want})
		req := register()
		mustAuthorize(t, again, req, unauthorized(challengeFor("x", "algorithm=SHA-512-256"), challengeFor("y", "algorithm=SHA-256")))
		if got := answers(t, req, 1)[0]; got["nonce"] != "y" {
			t.Errorf("answer is %v", got)
		}
		again.Learn(req, sip.NewResponse(200, "OK"))
		if got := again.Digests(); !slices.Equal(got, want[2:]) {
			t.Errorf("%d digests, want that of the algorithm known", len(got))
		}
	})
	t.Run("a client that forgets knows nothing", func(t *testing.T) {
		c.Forget()
		later := register()
		c.Preload(later)
		answers(t, later, 0)
		if err := c.Authorize(later, unauthorized(challengeFor("1"))); !errors.Is(err, ErrNoCredentials) || len(c.Digests()) > 0 {
			t.Errorf("error is %v, %d digests", err, len(c.Digests()))
		}
	})
}

func TestWrongPasswordEndsAfterOneTry(t *testing.T) {
	for name, second := range map[string]string{
		"same nonce":       challengeFor("1"),
		"new nonce":        challengeFor("2"),
		"stale=false":      challengeFor("2", "stale=false"),
		"other algorithm":  challengeFor("2", "algorithm=SHA-256"),
		"other qop: none":  `Digest realm="example.org", nonce="2"`,
		"one more of MD5s": challengeFor("2") + ", " + challengeFor("3"),
	} {
		t.Run(name, func(t *testing.T) {
			c, req := NewClient(alice), register()
			mustAuthorize(t, c, req, unauthorized(challengeFor("1")))
			before := req.String()
			err := c.Authorize(req, unauthorized(second))
			if !errors.Is(err, ErrRejected) {
				t.Fatalf("the second answer: %v, want ErrRejected", err)
			}
			if req.String() != before {
				t.Error("the request was changed")
			}
			later := register()
			c.Preload(later)
			answers(t, later, 0)
		})
	}
}

func TestServersThatNeverAgreeAreGivenUp(t *testing.T) {
	const stale = `Digest realm="example.org", stale=true, nonce=`
	for name, challenge := range map[string]func(i int) string{
		"stale for ever":              func(i int) string { return stale + strconv.Itoa(i) + ", qop=auth" },
		"stale for ever, without qop": func(i int) string { return stale + strconv.Itoa(i) },
		"stale for ever, session":     func(i int) string { return stale + strconv.Itoa(i) + ", algorithm=MD5-sess" },
		"realms in turn": func(i int) string {
			return fmt.Sprintf(`Digest realm="%d", stale=true, nonce="%d", qop="auth"`, i%2, i)
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, req := NewClient(alice), register()
			for i := range 10 {
				if err := c.Authorize(req, unauthorized(challenge(i))); errors.Is(err, ErrRejected) {
					return
				}
			}
			t.Error("still trying after ten answers")
		})
	}
}

func TestFreshNonceCalledStaleIsReplacedOnce(t *testing.T) {
	for name, qop := range map[string]string{"auth": `, qop="auth"`, "none": ""} {
		t.Run(name, func(t *testing.T) {
			c, req := NewClient(alice), register()
			mustAuthorize(t, c, req, unauthorized(`Digest realm="example.org", nonce="1"`+qop))
			mustAuthorize(t, c, req, unauthorized(`Digest realm="example.org", nonce="2", stale=TRUE`+qop))
			if got := answers(t, req, 1)[0]; got["nonce"] != "2" || qop != "" && got["nc"] != "00000001" {
				t.Errorf("answer is %v", got)
			}
		})
	}
}

func TestNonceIsReusedWithRisingCount(t *testing.T) {
	c, first := NewClient(alice), register()
	mustAuthorize(t, c, first, unauthorized(challengeFor("1")))
	var last map[string]string
	for i := 2; i <= 3; i++ {
		req := register()
		c.Preload(req)
		got := answers(t, req, 1)[0]
		if got["nonce"] != "1" || got["nc"] != fmt.Sprintf("%08x", i) || got["cnonce"] == last["cnonce"] {
			t.Errorf("use %d is %v", i, got)
		}
		last = got
	}

	t.Run("a worn nonce is replaced without stale=true", func(t *testing.T) {
		req := register()
		c.Preload(req)
		mustAuthorize(t, c, req, unauthorized(challengeFor("2")))
		if got := answers(t, req, 1)[0]; got["nonce"] != "2" || got["nc"] != "00000001" {
			t.Errorf("answer is %v", got)
		}
		if err := c.Authorize(req, unauthorized(challengeFor("3"))); !errors.Is(err, ErrRejected) {
			t.Errorf("then %v, want ErrRejected", err)
		}
	})
}

func TestSameNonceAgainCountsOn(t *testing.T) {
	c := NewClient(alice)
	for i := 1; i <= 3; i++ {
		req := register()
		mustAuthorize(t, c, req, unauthorized(challengeFor("1")))
		if got := answers(t, req, 1)[0]; got["nc"] != fmt.Sprintf("%08x", i) {
			t.Errorf("use %d has nc %s", i, got["nc"])
		}
	}
}

func TestPreloadKeepsAnswersWhereTheyBelong(t *testing.T) {
	c := NewClient(alice)
	mustAuthorize(t, c, register(), unauthorized(
		challengeFor("1"),
		`Digest realm="plain", nonce="2"`,
		`Digest realm="session", nonce="3", qop="auth", algorithm=MD5-sess`,
	))
	proxy := sip.NewResponse(407, "Proxy Authentication Required")
	proxy.AppendHeader(sip.NewHeader("Proxy-Authenticate", `Digest realm="proxy", nonce="4", qop="auth"`))
	mustAuthorize(t, c, register(), proxy)

	t.Run("same host", func(t *testing.T) {
		req := newRequest(sip.MESSAGE, "sip:bob@EXAMPLE.org")
		c.Preload(req)
		c.Preload(req)
		if got := answers(t, req, 1)[0]; got["realm"] != "example.org" {
			t.Errorf("answer is %v", got)
		}
		if got := answersIn(req, atProxy); len(got) != 1 || got[0]["realm"] != "proxy" {
			t.Errorf("answers for proxies are %v", got)
		}
	})
	t.Run("another host", func(t *testing.T) {
		req := newRequest(sip.MESSAGE, "sip:bob@elsewhere.example")
		c.Preload(req)
		answers(t, req, 0)
		if got := answersIn(req, atProxy); len(got) != 1 {
			t.Errorf("answers for proxies are %v", got)
		}
	})
}

func TestProxyAndRegistrarEachGetTheirAnswer(t *testing.T) {
	c, req := NewClient(alice), register()
	proxy := sip.NewResponse(407, "Proxy Authentication Required")
	proxy.AppendHeader(sip.NewHeader("Proxy-Authenticate", `Digest realm="example.org", nonce="p", qop="auth"`))
	mustAuthorize(t, c, req, proxy)
	mustAuthorize(t, c, req, unauthorized(challengeFor("r")))
	if got := answers(t, req, 1)[0]; got["nonce"] != "r" || got["nc"] != "00000001" {
		t.Errorf("the registrar's answer is %v", got)
	}
	if got := answersIn(req, atProxy); len(got) != 1 || got[0]["nonce"] != "p" || got[0]["nc"] != "00000002" {
		t.Errorf("the proxy's answer is %v, want it renewed with nc 2", got)
	}
	if err := c.Authorize(req, proxy); !errors.Is(err, ErrRejected) {
		t.Errorf("the proxy asks again: %v, want ErrRejected", err)
	}
}

func TestNextNonceIsUsed(t *testing.T) {
	c, req := NewClient(alice), register()
	mustAuthorize(t, c, req, unauthorized(challengeFor("1")))
	ok := sip.NewResponse(200, "OK")
	ok.AppendHeader(sip.NewHeader("Authentication-Info", `qop=auth, nextnonce="2", rspauth="00"`))
	c.Learn(req, ok)
	later := register()
	c.Preload(later)
	if got := answers(t, later, 1)[0]; got["nonce"] != "2" || got["nc"] != "00000001" {
		t.Errorf("answer is %v", got)
	}
}

func TestUnknownAlgorithmsAreNamed(t *testing.T) {
	err := NewClient(alice).Authorize(register(), unauthorized(
		`Digest realm="a", nonce="n", algorithm=AKAv1-MD5`, `Bearer authz_server="https://x"`, `Digest realm="a", nonce="n", qop="magic"`,
		"Digest realm=\"a\", nonce=\"n\", algorithm=\"é"+strings.Repeat("x", 1000)+`"`, `Digest realm="a"`))
	if !errors.Is(err, ErrNoChallenge) {
		t.Fatalf("error is %v", err)
	}
	for _, name := range []string{"AKAv1-MD5", "Bearer", "magic", "without nonce"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%q is not named in %q", name, err)
		}
	}
	if len(err.Error()) > 400 {
		t.Errorf("error of %d bytes", len(err.Error()))
	}
}

func TestHostileChallengesAreBounded(t *testing.T) {
	huge := strings.Repeat("r", 1<<20)
	many := make([]string, 10_000)
	for i := range many {
		many[i] = fmt.Sprintf(`Digest realm="%d", nonce="n", qop="auth"`, i)
	}
	tests := []struct {
		name    string
		res     *sip.Response
		answers int
	}{
		{"10 000 fields", unauthorized(many...), maxChallenges},
		{"10 000 in one field", unauthorized(strings.Join(many, ",")), 0},
		{"10 000 unreadable fields", unauthorized(strings.Split(strings.Repeat(`Digest realm=",`, 10_000), ",")...), 0},
		{"a realm of a megabyte", unauthorized(`Digest realm="` + huge + `", nonce="n"`), 0},
		{"a long realm", unauthorized(`Digest realm="` + huge[:maxRealm+1] + `", nonce="n"`), 0},
		{"no nonce", unauthorized(`Digest realm="a"`), 0},
		{"no realm", unauthorized(`Digest nonce="a"`), 0},
		{"nothing", unauthorized(), 0},
		{"an empty field", unauthorized(""), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, req := NewClient(alice), register()
			err := c.Authorize(req, tt.res)
			if (err == nil) != (tt.answers > 0) || err != nil && !errors.Is(err, ErrNoChallenge) {
				t.Errorf("error is %v", err)
			}
			answers(t, req, tt.answers)
			if len(c.spaces) > maxSpaces {
				t.Errorf("%d realms remembered", len(c.spaces))
			}
		})
	}
}

func TestNamesCannotBreakOutOfTheHeader(t *testing.T) {
	c, req := NewClient(Credentials{Username: "a\"b\\c\r\nVia: x", Password: "p"}), register()
	mustAuthorize(t, c, req, unauthorized(`Digest realm="r\"\\s", nonce="n"`))
	value := req.GetHeader("Authorization").Value()
	if strings.ContainsAny(value, "\r\n") {
		t.Fatalf("header is %q", value)
	}
	if got := answers(t, req, 1)[0]; got["username"] != `a"b\cVia: x` || got["realm"] != `r"\s` {
		t.Errorf("answer is %v", got)
	}
}

func TestWithoutCredentialsNothingIsAnswered(t *testing.T) {
	for _, c := range []Credentials{{}, {Username: "alice"}, {Password: "s3cret"}} {
		if err := NewClient(c).Authorize(register(), unauthorized(challengeFor("1"))); !errors.Is(err, ErrNoCredentials) {
			t.Errorf("%v: error is %v", c, err)
		}
	}
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	secret := Credentials{Username: "alice", Password: "s3cret", Digests: []Digest{{Realm: "r", Algorithm: "MD5", HA1: "0123abcd"}}}
	var log strings.Builder
	logger := slog.New(slog.NewTextHandler(&log, nil))
	logger.Info("x", "c", secret, "p", &secret, "client", NewClient(secret), "d", secret.Digests, "h", secret.Digests[0].HA1, "in", struct{ C Credentials }{secret})
	encoded, err := json.Marshal([]any{secret, secret.Digests})
	if err != nil {
		t.Fatal(err)
	}
	printed := []string{log.String(), string(encoded)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		for _, value := range []any{secret, &secret, []Credentials{secret}, struct{ C Credentials }{secret}, secret.Digests, secret.Digests[0].HA1} {
			printed = append(printed, fmt.Sprintf(verb, value))
		}
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		printed = append(printed, fmt.Sprintf(verb, NewClient(secret)))
	}
	c, req := NewClient(secret), register()
	mustAuthorize(t, c, req, unauthorized(challengeFor("1")))
	printed = append(printed, c.Authorize(req, unauthorized(challengeFor("2"))).Error())
	for _, text := range printed {
		if strings.Contains(text, "s3cret") || strings.Contains(text, "0123abcd") || strings.Contains(text, "3031323361626364") || strings.Contains(text, "733363726574") {
			t.Errorf("secret in %q", text)
		}
	}
}
