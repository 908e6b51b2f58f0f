//go:build !js

package sample

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// erp is a server whose answers are looked at without a network.
type erp struct {
	t       *testing.T
	handler http.Handler
	db      *database
}

func newERP(t *testing.T, file string) *erp {
	t.Helper()
	s, err := New(Config{
		Pages: fstest.MapFS{
			"index.html": {Data: []byte(`<script src="{{phone}}/embed.js"></script><sip-phone {{account}}></sip-phone>`)},
			"erp.js":     {Data: []byte("{{phone}}")},
		},
		Phone: "http://127.0.0.1:8080/", Account: `a"b`, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	if s.db, err = open(t.Context(), file, "localhost"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.db.close(); err != nil {
			t.Error(err)
		}
	})
	return &erp{t: t, handler: s.handler(), db: s.db}
}

// ask sends a request; each header is "Name: value".
func (e *erp) ask(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	e.t.Helper()
	r := httptest.NewRequest(method, "http://127.0.0.1:8090"+path, strings.NewReader(body))
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		if name == "Host" {
			r.Host = value
		}
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	e.handler.ServeHTTP(w, r)
	return w
}

// get reads the answer into what is given.
func (e *erp) get(path string, into any) {
	e.t.Helper()
	w := e.ask(http.MethodGet, path, "")
	if w.Code != http.StatusOK {
		e.t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
		e.t.Fatalf("%s: %v", path, err)
	}
}

const asJSON = "Content-Type: application/json"

func TestAccountsAreInPagesByName(t *testing.T) {
	e := newERP(t, "")
	var names []string
	for number := 1; ; number++ {
		var p page[account]
		e.get("/api/accounts?page="+string(rune('0'+number)), &p)
		if p.Total != exampleAccounts || p.Pages != 8 || p.Page != number {
			t.Fatalf("page %d: %d accounts on %d pages", p.Page, p.Total, p.Pages)
		}
		for _, a := range p.Rows {
			names = append(names, fold(a.Name))
		}
		if number == p.Pages {
			break
		}
	}
	if len(names) != exampleAccounts || !slices.IsSorted(names) || names[0] != "aardvark trading ltd" {
		t.Errorf("%d accounts, in order: %v, the first %q", len(names), slices.IsSorted(names), names[0])
	}
}

func TestSearchFindsAllWordsHoweverTheyAreWritten(t *testing.T) {
	e := newERP(t, "")
	for _, tt := range []struct {
		list, query string
		none        bool
	}{
		{list: "accounts", query: "muller"},
		{list: "accounts", query: "MÜLLER"},
		{list: "accounts", query: "lodz"},
		{list: "accounts", query: "aardvark london"},
		{list: "accounts", query: "london aardvark"},
		{list: "accounts", query: "  "},
		{list: "accounts", query: "aardvark tokyo", none: true},
		{list: "accounts", query: "%", none: true},
		{list: "accounts", query: "_", none: true},
		{list: "contacts", query: "כהן"},
		{list: "contacts", query: "المصري"},
		{list: "contacts", query: "佐藤"},
		{list: "contacts", query: "bob@localhost"},
		{list: "contacts", query: "<script>"},
		{list: "contacts", query: "' OR 1=1 --", none: true},
		{list: "contacts", query: strings.Repeat("x", 9999), none: true},
		{list: "calls", query: "price list"},
	} {
		var p page[json.RawMessage]
		e.get("/api/"+tt.list+"?q="+strings.NewReplacer("%", "%25", " ", "+", "'", "%27", "<", "%3C").Replace(tt.query), &p)
		if (p.Total == 0) != tt.none || len(p.Rows) > p.Total {
			t.Errorf("%s %q: %d found", tt.list, tt.query, p.Total)
		}
	}
}

func TestRecordHasAllThatBelongsToIt(t *testing.T) {
	e := newERP(t, "")
	var a accountRecord
	e.get("/api/accounts/1", &a)
	if len(a.Contacts) != 6 || a.Contacts[slices.IndexFunc(a.Contacts, func(c contact) bool { return c.SIP != "" })].Account.ID != 1 {
		t.Errorf("got %+v", a)
	}
	var c contactRecord
	e.get("/api/contacts/1", &c)
	if c.Name != "Bob Aarons" || c.SIP != "bob@localhost" || c.Calls == nil {
		t.Errorf("got %+v", c)
	}
	for _, path := range []string{"/api/contacts/99999", "/api/contacts/x", "/api/accounts/-1", "/nothing.html"} {
		if w := e.ask(http.MethodGet, path, ""); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestReachKeyIsTheSameForAllWaysToWriteANumber(t *testing.T) {
	for want, ways := range map[string][]string{
		"25123456":        {"+49 30 25123456", "030 25123456", "tel:+49-30-25123456", "sip:+493025123456@pbx.example;user=phone", "004930 25123456", "(030) 2512.3456"},
		"12":              {"12", "sip:12@example.org", "tel:12;phone-context=example.org"},
		"bob@example.org": {"bob@example.org", "sip:Bob@Example.ORG", "sips:bob@example.org;transport=tls", "sip:bob@example.org?subject=x"},
		"":                {"", "sip:", "bob", "tel:bob", "sip:@example.org", "anonymous"},
	} {
		for _, way := range ways {
			if got := reachKey(way); got != want {
				t.Errorf("%q: got %q, want %q", way, got, want)
			}
		}
	}
}

func TestLookupTellsThePhoneWhoCalls(t *testing.T) {
	e := newERP(t, "")
	var bob contactRecord
	e.get("/api/contacts/1", &bob)
	for _, query := range []string{"uri=sip:bob@localhost", "number=" + strings.ReplaceAll(strings.TrimPrefix(bob.Phone, "+44"), " ", ""), "uri=sip:x@y&number=" + strings.ReplaceAll(bob.Mobile, " ", "+")} {
		var who found
		e.get("/api/lookup?"+query, &who)
		if who.Name != "Bob Aarons" || who.URL != "http://127.0.0.1:8090/contact.html?id=1" || len(who.Fields) < 2 || who.Fields[0].Value != "Aardvark Trading Ltd" {
			t.Errorf("%s: got %+v", query, who)
		}
	}
	var a account
	e.get("/api/accounts/1", &a)
	var who found
	e.get("/api/lookup?number="+strings.ReplaceAll(a.Phone, " ", ""), &who)
	if who.Name != a.Name || who.URL != "http://127.0.0.1:8090/account.html?id=1" {
		t.Errorf("of an account: got %+v", who)
	}
	w := e.ask(http.MethodGet, "/api/lookup?number=0999", "", "Origin: http://127.0.0.1:8080")
	if got := w.Body.String(); got != "{}" || w.Header().Get("Access-Control-Allow-Origin") != "http://127.0.0.1:8080" {
		t.Errorf("of nobody: %s %v", got, w.Header())
	}
	if w := e.ask(http.MethodGet, "/api/accounts", "", "Origin: http://127.0.0.1:8080"); w.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Error("the phone may read more than it needs")
	}
}

const aCall = `{"id": "c/1", "direction": "in", "peer": {"uri": "sip:bob@localhost", "name": "<b>Bob"}, "started": 1700000000000,
	"answered": 1700000004000, "ended": 1700000064000, "duration": 60, "quality": {"mos": 4.2, "grade": "good"}, "cause": null, "note": "NOTE", "contact": null}`

func TestCallIsStoredAndItsNoteChangedLater(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a name?with#signs.db")
	e := newERP(t, file)
	var before page[call]
	e.get("/api/calls", &before)
	for _, note := range []string{"", "<script>wants'); DROP TABLE calls;--"} {
		if w := e.ask(http.MethodPut, "/api/calls/c%2F1", strings.Replace(aCall, "NOTE", note, 1), asJSON, "Sec-Fetch-Site: same-origin"); w.Code != http.StatusNoContent {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	e = newERP(t, file) // as after a restart
	var calls page[call]
	e.get("/api/calls?q=drop+bob+table", &calls)
	if len(calls.Rows) != 1 {
		t.Fatalf("got %+v", calls)
	}
	c := calls.Rows[0]
	if c.Note != "<script>wants'); DROP TABLE calls;--" || c.Name != "<b>Bob" || *c.MOS != 4.2 || *c.Answered != 1700000004000 || c.Duration != 60 || c.Contact.Name != "Bob Aarons" || c.Account.ID != 1 {
		t.Errorf("got %+v", c)
	}
	var contact contactRecord
	e.get("/api/contacts/1", &contact)
	if contact.Calls[len(contact.Calls)-1].ID != "c/1" {
		t.Errorf("the contact's calls are %+v", contact.Calls)
	}
	var after page[call]
	e.get("/api/calls", &after)
	if after.Total != before.Total+1 {
		t.Errorf("there were %d calls, and are %d", before.Total, after.Total)
	}
}

func TestWhatIsNoCallIsRefusedInWords(t *testing.T) {
	e := newERP(t, "")
	for name, tt := range map[string]struct {
		body    string
		headers []string
		status  int
	}{
		"a form":               {aCall, []string{"Content-Type: text/plain"}, http.StatusUnsupportedMediaType},
		"another page's":       {aCall, []string{asJSON, "Sec-Fetch-Site: cross-site"}, http.StatusForbidden},
		"another page's, old":  {aCall, []string{asJSON, "Origin: http://127.0.0.1:8080"}, http.StatusForbidden},
		"a rebound name":       {aCall, []string{asJSON, "Host: evil.example"}, http.StatusMisdirectedRequest},
		"HTML":                 {"<!doctype html>", []string{asJSON}, http.StatusBadRequest},
		"nothing":              {"", []string{asJSON}, http.StatusBadRequest},
		"a list":               {"[]", []string{asJSON}, http.StatusBadRequest},
		"another's id":         {strings.Replace(aCall, "c/1", "c2", 1), []string{asJSON}, http.StatusBadRequest},
		"sideways":             {strings.Replace(aCall, `"in"`, `"up"`, 1), []string{asJSON}, http.StatusBadRequest},
		"of no time":           {strings.Replace(aCall, "1700000000000", "-1", 1), []string{asJSON}, http.StatusBadRequest},
		"of a shorter than no": {strings.Replace(aCall, `60,`, "-1,", 1), []string{asJSON}, http.StatusBadRequest},
		"with nobody":          {strings.Replace(aCall, "sip:bob@localhost", "", 1), []string{asJSON}, http.StatusBadRequest},
		"a novel":              {strings.Replace(aCall, "NOTE", strings.Repeat("x", longestNote+1), 1), []string{asJSON}, http.StatusBadRequest},
		"10 MB":                {strings.Replace(aCall, "NOTE", strings.Repeat("x", 10<<20), 1), []string{asJSON}, http.StatusRequestEntityTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			w := e.ask(http.MethodPut, "/api/calls/c%2F1", tt.body, tt.headers...)
			if w.Code != tt.status || w.Body.Len() == 0 {
				t.Errorf("got %d %s", w.Code, w.Body)
			}
		})
	}
	var calls page[call]
	if e.get("/api/calls", &calls); calls.Total != exampleCalls {
		t.Errorf("%d calls are there", calls.Total)
	}
}

func TestPageNamesThePhoneAndRunsNothingElse(t *testing.T) {
	e := newERP(t, "")
	w := e.ask(http.MethodGet, "/", "")
	if got := w.Body.String(); got != `<script src="http://127.0.0.1:8080/embed.js"></script><sip-phone account="a&#34;b"></sip-phone>` {
		t.Errorf("got %s", got)
	}
	policy := w.Header().Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self' http://127.0.0.1:8080;", "frame-ancestors 'none'"} {
		if !strings.Contains(policy, part) {
			t.Errorf("the policy lacks %s: %s", part, policy)
		}
	}
	if w := e.ask(http.MethodGet, "/erp.js", ""); w.Body.String() != "{{phone}}" || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/javascript") {
		t.Errorf("a script: %q %v", w.Body, w.Header())
	}
}

func TestSettingsThatMakeNoSenseAreRefused(t *testing.T) {
	fine := Config{Pages: fstest.MapFS{}, Phone: "http://127.0.0.1:8080/"}
	for want, change := range map[string]func(*Config){
		"no address of loopback": func(c *Config) { c.Addr = "0.0.0.0" },
		"no address of a page":   func(c *Config) { c.Phone = "javascript:alert(1)" },
		"there are no pages":     func(c *Config) { c.Pages = nil },
	} {
		cfg := fine
		change(&cfg)
		if _, err := New(cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	fine.Database = filepath.Join(t.TempDir(), "not", "there.db")
	s, err := New(fine)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context()); err == nil || !strings.Contains(err.Error(), fine.Database) {
		t.Errorf("got %v", err)
	}
}

func TestServerServesUntilItIsStopped(t *testing.T) {
	s, err := New(Config{Pages: os.DirFS("../../web/samples/erp"), Phone: "http://127.0.0.1:8080/", Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, page := range []string{"", "contacts.html", "calls.html", "account.html?id=1", "contact.html?id=1", "erp.css", "phone.js"} {
		response, err := http.Get(s.URL() + page) //nolint:noctx // ends with the server
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != http.StatusOK || strings.Contains(string(body), "{{phone}}") {
			t.Errorf("%s: %v %s", page, err, response.Status)
		}
		response.Body.Close()
	}
	if err := s.Shutdown(context.WithoutCancel(t.Context())); err != nil {
		t.Error(err)
	}
}
