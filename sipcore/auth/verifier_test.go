package auth

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"
)

func newVerifier(algorithms ...string) *Verifier {
	return NewVerifier(VerifierConfig{
		Realm: `ex"ample`, Algorithms: algorithms, NonceLifetime: time.Minute,
		Lookup: func(user string) (string, bool) { return "s3cret", user == "alice" },
	})
}

// challenged returns what a verifier asks.
func challenged(v *Verifier, proxy, stale bool) *sip.Response {
	res := sip.NewResponse(401, "Unauthorized")
	if proxy {
		res = sip.NewResponse(407, "Proxy Authentication Required")
	}
	v.Challenge(res, proxy, stale)
	return res
}

func TestClientAndVerifierAgree(t *testing.T) {
	for _, algorithm := range []string{"MD5", "SHA-256", "SHA-512-256", "MD5-sess", "SHA-256-sess", "SHA-512-256-sess"} {
		for _, proxy := range []bool{false, true} {
			t.Run(algorithm, func(t *testing.T) {
				v, c, req := newVerifier(algorithm), NewClient(alice), register()
				mustAuthorize(t, c, req, challenged(v, proxy, false))
				if user, err := v.Verify(req, proxy); err != nil || user != "alice" {
					t.Errorf("Verify says %q, %v", user, err)
				}
				if _, err := v.Verify(req, !proxy); !errors.Is(err, ErrNoCredentials) {
					t.Errorf("at the other place: %v", err)
				}
			})
		}
	}
}

func TestChallengesAreOfferedStrongestFirst(t *testing.T) {
	var got []string
	res := challenged(newVerifier("MD5", "bogus", "SHA-512-256", "SHA-256"), false, true)
	for _, h := range res.GetHeaders("WWW-Authenticate") {
		fields, err := parseFields(h.Value())
		if err != nil || len(fields) != 1 || fields[0].params["stale"] != "true" || fields[0].params["realm"] != `ex"ample` {
			t.Fatalf("challenge is %q", h.Value())
		}
		got = append(got, fields[0].params["algorithm"])
	}
	if strings.Join(got, " ") != "SHA-512-256 SHA-256 MD5" {
		t.Errorf("offered %v", got)
	}
}

func TestVerifyRefuses(t *testing.T) {
	set := func(name, value string) func(*sip.Request) {
		return func(req *sip.Request) {
			params := answersIn(req, atServer)[0]
			params[name] = value
			written := "Digest x=y"
			for name, value := range params {
				written += ", " + name + "=" + quote(value)
			}
			req.RemoveHeader("Authorization")
			req.AppendHeader(sip.NewHeader("Authorization", written))
		}
	}
	tests := []struct {
		name   string
		tamper func(*sip.Request)
		want   error
	}{
		{"nothing", func(req *sip.Request) { req.RemoveHeader("Authorization") }, ErrNoCredentials},
		{"another realm", set("realm", "other"), ErrNoCredentials},
		{"another user", set("username", "bob"), ErrWrong},
		{"a wrong response", set("response", "00"), ErrWrong},
		{"another method", func(req *sip.Request) { req.Method = sip.INVITE }, ErrWrong},
		{"another address", func(req *sip.Request) { req.Recipient.Host = "example.net" }, ErrWrong},
		{"another digest-uri", set("uri", "sip:example.net"), ErrWrong},
		{"a raised count", set("nc", "00000009"), ErrWrong},
		{"no count", set("nc", ""), ErrWrong},
		{"a count of nothing", set("nc", "00000000"), ErrWrong},
		{"an algorithm not offered", set("algorithm", "MD5"), ErrWrong},
		{"an unknown quality", set("qop", "magic"), ErrWrong},
		{"another nonce", set("nonce", "x"), ErrWrong},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v, req := newVerifier("SHA-256"), register()
			mustAuthorize(t, NewClient(alice), req, challenged(v, false, false))
			tt.tamper(req)
			if user, err := v.Verify(req, false); !errors.Is(err, tt.want) || user != "" {
				t.Errorf("Verify says %q, %v, want %v", user, err, tt.want)
			}
		})
	}
}

func TestWrongPasswordIsNeitherStaleNorRight(t *testing.T) {
	v, req := newVerifier(), register()
	mustAuthorize(t, NewClient(Credentials{Username: "alice", Password: "guess"}), req, challenged(v, false, false))
	if _, err := v.Verify(req, false); !errors.Is(err, ErrWrong) {
		t.Errorf("Verify says %v", err)
	}
}

func TestReplayIsRefused(t *testing.T) {
	v, c, first := newVerifier(), NewClient(alice), register()
	mustAuthorize(t, c, first, challenged(v, false, false))
	second := register()
	c.Preload(second)
	for i, step := range []struct {
		req  *sip.Request
		want error
	}{{first, nil}, {first, ErrStale}, {second, nil}, {first, ErrStale}, {second, ErrStale}} {
		if _, err := v.Verify(step.req, false); !errors.Is(err, step.want) {
			t.Errorf("step %d: %v, want %v", i, err, step.want)
		}
	}
}

func TestNonceWithoutCountIsGoodOnce(t *testing.T) {
	v, c, req := newVerifier("MD5"), NewClient(alice), register()
	asked := challenged(v, false, false)
	plain := strings.Replace(asked.GetHeader("WWW-Authenticate").Value(), `, qop="auth"`, "", 1)
	mustAuthorize(t, c, req, unauthorized(plain))
	if _, err := v.Verify(req, false); err != nil {
		t.Fatalf("first use: %v", err)
	}
	if _, err := v.Verify(req, false); !errors.Is(err, ErrStale) {
		t.Errorf("second use: %v", err)
	}
}

func TestNonceExpiresAndIsReplacedUnasked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v, c, req := newVerifier(), NewClient(alice), register()
		mustAuthorize(t, c, req, challenged(v, false, false))
		time.Sleep(time.Minute)
		if _, err := v.Verify(req, false); !errors.Is(err, ErrStale) {
			t.Fatalf("after its lifetime: %v", err)
		}
		mustAuthorize(t, c, req, challenged(v, false, true))
		if _, err := v.Verify(req, false); err != nil {
			t.Errorf("with the new nonce: %v", err)
		}
	})
}

func TestNonceOfAnotherServerIsStale(t *testing.T) {
	req := register()
	mustAuthorize(t, NewClient(alice), req, challenged(newVerifier(), false, false))
	if _, err := newVerifier().Verify(req, false); !errors.Is(err, ErrStale) {
		t.Errorf("Verify says %v", err)
	}
}

func TestNoncesInUseAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNonces(time.Minute)
		for range maxNonces {
			if !n.use(n.issue(), 1) {
				t.Fatal("a nonce is refused before there are too many")
			}
		}
		if n.use(n.issue(), 1) {
			t.Error("one more is kept")
		}
		time.Sleep(time.Minute)
		if !n.use(n.issue(), 1) {
			t.Error("expired ones do not make room")
		}
		if len(n.used) != 1 {
			t.Errorf("%d are kept", len(n.used))
		}
	})
}

// FuzzVerify holds that no Authorization passes that was not made with the password.
func FuzzVerify(f *testing.F) {
	f.Add(`Digest username="alice", realm="ex\"ample", nonce="n", uri="sip:example.org;transport=ws", response="00", qop=auth, nc=1, cnonce=c`)
	f.Add(`Digest username=alice,realm="ex\"ample",response=`)
	v := newVerifier()
	f.Fuzz(func(t *testing.T, value string) {
		req := register()
		req.AppendHeader(sip.NewHeader("Authorization", value))
		if user, err := v.Verify(req, false); err == nil {
			t.Fatalf("%q passes as %q", value, user)
		}
	})
}
