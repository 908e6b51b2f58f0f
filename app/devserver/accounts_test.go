//go:build !js

package devserver

import (
	"strings"
	"testing"
)

func TestParseAccounts(t *testing.T) {
	for _, tc := range []struct {
		name, file string
		err        string // part of the error; empty: none
	}{
		{"two", `{"accounts":[{"name":"erin","password":"a","display_name":"Erin"},{"name":"frank","password":"b"}]}`, ""},
		{"no JSON", `accounts: []`, "invalid character"},
		{"cut off", `{"accounts":[`, "unexpected EOF"},
		{"unknown key", `{"accounts":[{"name":"erin","pass":"a"}]}`, `unknown field "pass"`},
		{"wrong type", `{"accounts":[{"name":7,"password":"a"}]}`, "accounts.name"},
		{"none", `{"accounts":[]}`, "accounts: there is none"},
		{"no name", `{"accounts":[{"password":"a"}]}`, "accounts[0].name: it is missing"},
		{"no password", `{"accounts":[{"name":"erin","password":"a"},{"name":"frank"}]}`, "accounts[1].password: it is missing"},
		{"name with a host", `{"accounts":[{"name":"erin@home","password":"a"}]}`, "accounts[0].name"},
		{"name with a blank", `{"accounts":[{"name":"er in","password":"a"}]}`, "accounts[0].name"},
		{"name with a line end", `{"accounts":[{"name":"er\r\nin","password":"a"}]}`, "accounts[0].name"},
		{"name of a service", `{"accounts":[{"name":"echo","password":"a"}]}`, "name of a service"},
		{"twice", `{"accounts":[{"name":"erin","password":"a"},{"name":"erin","password":"b"}]}`, "twice"},
		{"more behind it", `{"accounts":[{"name":"erin","password":"a"}]} {}`, "follows"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			accounts, err := parseAccounts([]byte(tc.file))
			switch {
			case tc.err == "" && err != nil:
				t.Error(err)
			case tc.err != "" && err == nil:
				t.Errorf("accepted: %v", accounts)
			case tc.err != "" && !strings.Contains(err.Error(), tc.err):
				t.Errorf("error %q does not say %q", err, tc.err)
			}
		})
	}
}

func FuzzParseAccounts(f *testing.F) {
	f.Add([]byte(`{"accounts":[{"name":"erin","password":"a"}]}`))
	f.Add([]byte(`{"accounts":[{"name":"%65rin","password":"a"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		accounts, err := parseAccounts(data)
		if err != nil {
			return
		}
		for _, a := range accounts {
			if err := a.check(); err != nil || strings.ContainsAny(a.Name, "@ <>\"\r\n") {
				t.Errorf("passed: %q (%v)", a.Name, err)
			}
		}
	})
}
