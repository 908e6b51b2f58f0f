package auth

import "testing"

func TestDigestVectors(t *testing.T) {
	tests := []struct {
		name                      string
		algorithm                 string
		user, realm, password     string
		nonce, cnonce, qop, nc    string
		method, uri, body, expect string
	}{
		{
			name: "RFC 7616 §3.9.1 MD5", algorithm: "MD5",
			user: "Mufasa", realm: "http-auth@example.org", password: "Circle of Life",
			nonce:  "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
			cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop: "auth",
			method: "GET", uri: "/dir/index.html", expect: "8ca523f5e9506fed4657c9700eebdbec",
		},
		{
			name: "RFC 7616 §3.9.1 SHA-256", algorithm: "SHA-256",
			user: "Mufasa", realm: "http-auth@example.org", password: "Circle of Life",
			nonce:  "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
			cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop: "auth",
			method: "GET", uri: "/dir/index.html",
			expect: "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
		},
		{
			name: "RFC 7616 §3.9.2 SHA-512-256, as corrected by erratum 4897", algorithm: "SHA-512-256",
			user: "J\u00e4s\u00f8n Doe", realm: "api@example.org", password: "Secret, or not?",
			nonce:  "5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK",
			cnonce: "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v", qop: "auth",
			method: "GET", uri: "/doe.json",
			expect: "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5",
		},
		{
			name: "RFC 2617 §3.5",
			user: "Mufasa", realm: "testrealm@host.com", password: "Circle Of Life",
			nonce: "dcd98b7102dd2f0e8b11d0f600bfb0c093", cnonce: "0a4f113b", qop: "auth",
			method: "GET", uri: "/dir/index.html", expect: "6629fae49393a05397450978507c4ef1",
		},
		{
			name: "RFC 2069 §2.4 without qop, as corrected by erratum 749",
			user: "Mufasa", realm: "testrealm@host.com", password: "CircleOfLife",
			nonce:  "dcd98b7102dd2f0e8b11d0f600bfb0c093",
			method: "GET", uri: "/dir/index.html", expect: "1949323746fe6a43ef61f9606e7febea",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h, ok := lookupDigest(tt.algorithm)
			if !ok {
				t.Fatalf("algorithm %q is unknown", tt.algorithm)
			}
			got := answer{
				digest: h, ha1: Credentials{Username: tt.user, Password: tt.password}.ha1(h, tt.realm),
				nonce: tt.nonce, cnonce: tt.cnonce, nc: 1, qop: tt.qop, method: tt.method, uri: tt.uri,
			}.response()
			if got != tt.expect {
				t.Errorf("response is %s, want %s", got, tt.expect)
			}
		})
	}
}

func TestDigestSpellsOutTheFormula(t *testing.T) {
	h, _ := lookupDigest("sha-256-SESS")
	a := answer{
		digest: h, ha1: "abc", nonce: "n", cnonce: "c", nc: 0x1f, qop: qopAuthInt,
		method: "INVITE", uri: "sip:bob@example.org", body: []byte("v=0\r\n"),
	}
	a1 := sumSHA256("abc:n:c")
	a2 := sumSHA256("INVITE:sip:bob@example.org:" + sumSHA256("v=0\r\n"))
	if want := sumSHA256(a1 + ":n:0000001f:c:auth-int:" + a2); a.response() != want {
		t.Errorf("response is %s, want %s", a.response(), want)
	}
}

func TestLookupDigest(t *testing.T) {
	for name, want := range map[string]string{
		"": "MD5", "md5": "MD5", "MD5-sess": "MD5-sess", "sha-256": "SHA-256",
		"SHA-256-SESS": "SHA-256-sess", "SHA-512-256": "SHA-512-256", "Sha-512-256-Sess": "SHA-512-256-sess",
		"SHA-512": "", "AKAv1-MD5": "", "-sess": "", "MD5-sess-sess": "",
	} {
		h, ok := lookupDigest(name)
		if ok != (want != "") || ok && h.name() != want {
			t.Errorf("%q is %q, %v, want %q", name, h.name(), ok, want)
		}
	}
}
