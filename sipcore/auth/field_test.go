package auth

import (
	"maps"
	"strings"
	"testing"
)

func TestParseFields(t *testing.T) {
	type params = map[string]string
	tests := []struct {
		name, in string
		want     []field
		broken   bool
	}{
		{"one", `Digest realm="a", nonce="b"`, []field{{"Digest", params{"realm": "a", "nonce": "b"}}}, false},
		{
			"several in one field", `Digest realm="a",nonce="b" , Basic realm="c", DIGEST realm=d`,
			[]field{{"Digest", params{"realm": "a", "nonce": "b"}}, {"Basic", params{"realm": "c"}}, {"DIGEST", params{"realm": "d"}}},
			false,
		},
		{
			"escapes and commas in quotes", `Digest realm="say \"hi\\\", Digest x=y", qop="auth,auth-int"`,
			[]field{{"Digest", params{"realm": `say "hi\", Digest x=y`, "qop": "auth,auth-int"}}},
			false,
		},
		{"blanks, case, empty elements", "Digest\t,, REALM = \"a\" ,\r\n Stale = TRUE,", []field{{"Digest", params{"realm": "a", "stale": "TRUE"}}}, false},
		{"Base64 without quotes", `Digest nonce=ab+/cd==, realm=x`, []field{{"Digest", params{"nonce": "ab+/cd==", "realm": "x"}}}, false},
		{
			"token68 and bare schemes", `NTLM TlRMTVNTUAAC/w==, Negotiate, Digest realm="a"`,
			[]field{{"NTLM", params{}}, {"Negotiate", params{}}, {"Digest", params{"realm": "a"}}},
			false,
		},
		{"empty", ``, nil, false},
		{"empty values", `Digest realm="", nonce=`, []field{{"Digest", params{"realm": "", "nonce": ""}}}, false},
		{"faulty one is left out", `Digest realm="a", Digest realm="b`, []field{{"Digest", params{"realm": "a"}}}, true},
		{"twice the same", `Digest realm="a", nonce=n, realm="b"`, nil, true},
		{"no scheme", `realm="a"`, nil, true},
		{"escape at the end", `Digest realm="a\`, nil, true},
		{"line break in quotes", "Digest realm=\"a\r\nVia: x\"", nil, true},
		{"rubbish", `@@@`, nil, true},
		{"a long value", `Digest realm="` + strings.Repeat("a", maxValue+1) + `"`, nil, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parseFields(tt.in)
			if (err != nil) != tt.broken {
				t.Errorf("error is %v, want one: %v", err, tt.broken)
			}
			if len(got) != len(tt.want) {
				t.Fatalf("got %v, want %v", got, tt.want)
			}
			for i := range got {
				if got[i].scheme != tt.want[i].scheme || !maps.Equal(got[i].params, tt.want[i].params) {
					t.Errorf("field %d is %v, want %v", i, got[i], tt.want[i])
				}
			}
		})
	}
}

// FuzzParseFields holds that parsing ends within its bounds, and that what was read is
// read the same again after being written.
func FuzzParseFields(f *testing.F) {
	f.Add(`Digest realm="a\"b", nonce=abc==, qop="auth,auth-int", stale=TRUE, Basic realm=x`)
	f.Add(`NTLM TlRMTVNTUAAC/w==, Negotiate, Digest realm="a`)
	f.Add("Digest ,,,=,realm=\"\\")
	f.Fuzz(func(t *testing.T, s string) {
		fields, err := parseFields(s)
		if len(fields) > maxChallenges {
			t.Fatalf("%d challenges", len(fields))
		}
		if err != nil {
			return
		}
		for _, field := range fields {
			if _, ok := readChallenge(field); !ok {
				if name := field.describe(); len(name) > 64 || strings.ContainsAny(name, "\r\n") {
					t.Fatalf("described as %q", name)
				}
			}
			written := field.scheme + " x=y"
			delete(field.params, "x")
			for name, value := range field.params {
				if len(value) > maxValue {
					t.Fatalf("a value of %d bytes", len(value))
				}
				written += ", " + name + "=" + quote(value)
			}
			again, err := parseFields(written)
			if len(written) > maxField {
				continue
			}
			if err != nil || len(again) != 1 {
				t.Fatalf("%q gives %v, %v", written, again, err)
			}
			delete(again[0].params, "x")
			if !maps.Equal(again[0].params, field.params) {
				t.Fatalf("%v became %v", field.params, again[0].params)
			}
		}
	})
}
