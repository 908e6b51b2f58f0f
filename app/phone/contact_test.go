package phone_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/app/bus"
	"gocommunicator/app/config"
	"gocommunicator/app/phone"
	"gocommunicator/app/store"
	"gocommunicator/sipcore/siptest"
)

// looked is a phone whose callers are looked up, with what it tells of them.
type looked struct {
	*scripted
	histories chan phone.History

	mu   sync.Mutex
	told told
}

// told is what a phone has told so far.
type told struct {
	asked  []string // addresses
	wanted []*phone.ContactWanted
	failed []*phone.ContactFailed
	over   []*phone.CallOver
}

// tells is what was told by now.
func (l *looked) tells() told {
	synctest.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.told
}

func note[T any](l *looked, list *[]T) func(T) {
	return func(event T) {
		l.mu.Lock()
		defer l.mu.Unlock()
		*list = append(*list, event)
	}
}

func newLooked(t *testing.T, kept *store.Store, settings string, fetch func(ctx context.Context, address string) (string, error)) *looked {
	t.Helper()
	layer, err := config.ParseLayer("test", []byte(settings))
	if err != nil {
		t.Fatal(err)
	}
	l := &looked{histories: make(chan phone.History, 100)}
	l.scripted = newScriptedWith(t, kept, layer, func(b *bus.Bus) {
		bus.Subscribe(b, note(l, &l.told.wanted))
		bus.Subscribe(b, note(l, &l.told.failed))
		bus.Subscribe(b, note(l, &l.told.over))
		bus.Subscribe(b, func(h phone.History) { l.histories <- h })
	}, func(d *phone.Deps) {
		d.Fetch = func(ctx context.Context, _, address string) ([]byte, error) {
			note(l, &l.told.asked)(address)
			text, err := fetch(ctx, address)
			return []byte(text), err
		}
	})
	return l
}

// ring has somebody call, and gives the call.
func (l *looked) ring(uri string) phone.Call {
	l.peer.Request(sip.INVITE, "sip:alice@example.test", offer, caller(uri))
	l.peer.ExpectResponse(sip.INVITE, 180)
	synctest.Wait()
	return l.call()
}

// call is the call that there is.
func (l *looked) call() (c phone.Call) {
	if calls := l.Snapshot().Calls; len(calls) > 0 {
		c = calls[0]
	}
	return c
}

type statusError int

func (e statusError) Error() string { return fmt.Sprintf("no JSON, status %d", int(e)) }

func TestCallersAreLookedUpAtTheServerOfTheSettings(t *testing.T) {
	const germany = `"dialing": {"country_code": "49"}, "contacts": {"lookup_timeout_ms": 500, "lookup_url": `
	for _, test := range []struct {
		name, caller, url, asked string
		answer                   string
		err                      error
		hangs                    bool
		contact                  phone.Contact
	}{
		{
			name: "known", caller: "sip:030123456@example.test", url: "https://erp.test/who?n={number}&u={uri}",
			asked:   "https://erp.test/who?n=%2B4930123456&u=sip%3A030123456%40example.test",
			answer:  `{"name": " Bob <script>x</script> ", "url": "https://erp.test/7", "photo": "data:image/png;base64,AA", "notes": "n", "fields": [{"label": "City", "value": "Bonn"}, {"label": "none"}], "more": 1}`,
			contact: phone.Contact{Name: "Bob <script>x</script>", URL: "https://erp.test/7", Photo: "data:image/png;base64,AA", Notes: "n", Fields: []phone.ContactField{{Label: "City", Value: "Bonn"}}},
		},
		{
			name: "with addresses that lead elsewhere", caller: "sip:carol@example.test", url: "/who?u={uri}", asked: "/who?u=sip%3Acarol%40example.test",
			answer:  `{"name": "Carol", "url": "javascript:alert(1)", "photo": "file:///etc/passwd"}`,
			contact: phone.Contact{Name: "Carol"},
		},
		{
			name: "at length", caller: "sip:carol@example.test", url: "/who?u={uri}", asked: "/who?u=sip%3Acarol%40example.test",
			answer:  `{"name": "` + strings.Repeat("ü", 5000) + `"}`,
			contact: phone.Contact{Name: strings.Repeat("ü", 199) + "…"},
		},
		{name: "not known", caller: "sip:carol@example.test", url: "/who?u={uri}", asked: "/who?u=sip%3Acarol%40example.test", err: statusError(404)},
		{name: "known to have nothing", caller: "sip:carol@example.test", url: "/who?u={uri}", asked: "/who?u=sip%3Acarol%40example.test", answer: "{}"},
		{name: "null", caller: "sip:carol@example.test", url: "/who?u={uri}", asked: "/who?u=sip%3Acarol%40example.test", answer: "null"},
		{name: "of no number", caller: "sip:carol@example.test", url: "/who?n={number}"},
		{name: "anonymous", caller: "sip:anonymous@anonymous.invalid", url: "/who?u={uri}"},
		{name: "answered with a page", caller: "sip:carol@example.test", url: "/who?u={uri}", asked: "/who?u=sip%3Acarol%40example.test", err: errors.New("no JSON"), contact: phone.Contact{Failed: true}},
		{name: "answered with an error", caller: "sip:carol@example.test", url: "/who?u={uri}", asked: "/who?u=sip%3Acarol%40example.test", err: statusError(500), contact: phone.Contact{Failed: true}},
		{name: "answered with another kind", caller: "sip:carol@example.test", url: "/who?u={uri}", asked: "/who?u=sip%3Acarol%40example.test", answer: `[1]`, contact: phone.Contact{Failed: true}},
		{name: "named by a number", caller: "sip:carol@example.test", url: "/who?u={uri}", asked: "/who?u=sip%3Acarol%40example.test", answer: `{"name": 7}`, contact: phone.Contact{Failed: true}},
		{name: "cut short", caller: "sip:carol@example.test", url: "/who?u={uri}", asked: "/who?u=sip%3Acarol%40example.test", answer: `{"name": "Ca`, contact: phone.Contact{Failed: true}},
		{name: "not answered", caller: "sip:carol@example.test", url: "/who?u={uri}", asked: "/who?u=sip%3Acarol%40example.test", hangs: true, contact: phone.Contact{Failed: true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLooked(t, nil, `{`+germany+quoted(test.url)+`}}`, func(ctx context.Context, _ string) (string, error) {
					if test.hangs {
						<-ctx.Done()
						return "", ctx.Err()
					}
					return test.answer, test.err
				})
				begun := time.Now()
				c := l.ring(test.caller)
				if test.hangs {
					time.Sleep(time.Until(begun.Add(501 * time.Millisecond)))
					synctest.Wait()
					c = l.call()
				}
				if got := strings.Join(l.tells().asked, " "); got != test.asked {
					t.Errorf("asked %q, want %q", got, test.asked)
				}
				got := phone.Contact{}
				if c.Contact != nil {
					got = *c.Contact
				}
				if !same(got, test.contact) {
					t.Errorf("found %+v, want %+v", got, test.contact)
				}
				if c.State != phone.Incoming || test.contact.Name != "" && c.Peer.Name != test.contact.Name {
					t.Errorf("the call is %s, of %q", c.State, c.Peer.Name)
				}
				if failed := l.tells().failed; (len(failed) > 0) != test.contact.Failed {
					t.Errorf("failed %v", failed)
				}
			})
		})
	}
}

func same(a, b phone.Contact) bool {
	if len(a.Fields) != len(b.Fields) || a.Name != b.Name || a.URL != b.URL || a.Photo != b.Photo || a.Notes != b.Notes || a.Failed != b.Failed {
		return false
	}
	for i := range a.Fields {
		if a.Fields[i] != b.Fields[i] {
			return false
		}
	}
	return true
}

func quoted(s string) string { return `"` + s + `"` }

// What the page around the phone says holds, whoever was quicker.
func TestPageKnowsBetterThanTheServer(t *testing.T) {
	for _, first := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			l := newLooked(t, nil, `{"contacts": {"lookup_url": "/who?{uri}"}}`, func(context.Context, string) (string, error) {
				time.Sleep(time.Second)
				return `{"name": "of the server"}`, nil
			})
			c := l.ring("sip:carol@example.test")
			if wanted := l.tells().wanted; len(wanted) != 1 || *wanted[0] != (phone.ContactWanted{CallID: c.ID, URI: "sip:carol@example.test"}) {
				t.Errorf("the page is asked %+v", wanted)
			}
			if !first {
				time.Sleep(2 * time.Second)
			}
			if err := l.Found(c.ID, phone.Contact{Name: "of the page", URL: "ftp://x"}); !errors.Is(err, phone.ErrContactAddress) {
				t.Errorf("an address that is none of the web: %v", err)
			}
			time.Sleep(2 * time.Second)
			synctest.Wait()
			if got := l.call(); got.Peer.Name != "of the page" || got.Contact.URL != "" {
				t.Errorf("it is %q: %+v", got.Peer.Name, got.Contact)
			}
			if err := l.Found("nobody's", phone.Contact{Name: "x"}); !errors.Is(err, phone.ErrNoCall) {
				t.Errorf("found for no call: %v", err)
			}
		})
	}
}

// That holds, too, where the call is over before the server has answered, or failed to.
func TestPageKnowsBetterThanTheServerOfACallThatIsOver(t *testing.T) {
	for _, answer := range []error{nil, statusError(500)} {
		synctest.Test(t, func(t *testing.T) {
			l := newLooked(t, nil, `{"contacts": {"lookup_url": "/who?{uri}"}}`, func(context.Context, string) (string, error) {
				time.Sleep(time.Second)
				return `{"name": "of the server"}`, answer
			})
			c := l.ring("sip:carol@example.test")
			if err := l.Found(c.ID, phone.Contact{Name: "of the page"}); err != nil {
				t.Fatal(err)
			}
			if err := l.Reject(c.ID, 0); err != nil {
				t.Fatal(err)
			}
			l.peer.ExpectResponse(sip.INVITE, 603)
			time.Sleep(2 * time.Second)
			told := l.tells()
			if len(told.over) != 1 || told.over[0].Peer.Name != "of the page" || len(told.failed) > 0 {
				t.Errorf("told %+v, failed %v", told.over, told.failed)
			}
		})
	}
}

// What was noted and found stays with the call, whenever it was said, and the log is told.
func TestNotesStayWithTheCallAndAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := store.Open(store.Config{})
		defer kept.Close()
		l := newLooked(t, kept, `{}`, nil)
		c := l.ring("sip:carol@example.test")
		for _, text := range []string{"c", "ca", "calls back"} {
			if err := l.SetNote(c.ID, text); err != nil {
				t.Fatal(err)
			}
		}
		if err := l.Reject(c.ID, 0); err != nil {
			t.Fatal(err)
		}
		l.peer.ExpectResponse(sip.INVITE, 603)
		if over := l.tells().over; len(over) != 1 || over[0].Note != "calls back" || over[0].Peer.Name != "" {
			t.Fatalf("told at the end: %+v", over)
		}
		for _, text := range []string{"calls back o", "calls back on Monday"} { // while it is typed nobody is told
			if err := l.SetNote(c.ID, text); err != nil {
				t.Fatal(err)
			}
			time.Sleep(500 * time.Millisecond)
		}
		if over := l.tells().over; len(over) != 1 {
			t.Errorf("told of each key: %+v", over)
		}
		time.Sleep(time.Second)
		if err := l.Found(c.ID, phone.Contact{Name: "Carol", URL: "https://erp.test/7"}); err != nil {
			t.Fatal(err)
		}
		over := l.tells().over
		last := over[len(over)-1]
		if len(over) != 3 || last.ID != c.ID || last.Note != "calls back on Monday" || last.Peer.Name != "Carol" || last.Contact == nil || last.Contact.URL != "https://erp.test/7" {
			t.Errorf("told %+v", over)
		}
		// The last words are kept when the page goes away at once.
		_ = l.SetNote(c.ID, "calls back on Tuesday")
		l.Leave()
		synctest.Wait()
		if err := l.SetNote("nobody's", "x"); !errors.Is(err, phone.ErrNoCall) {
			t.Errorf("a note about no call: %v", err)
		}

		again := newLooked(t, kept, `{}`, nil)
		h := latest(again.histories)
		if len(h.Calls) != 1 || h.Calls[0].Note != "calls back on Tuesday" || h.Calls[0].Peer.Name != "Carol" || h.Calls[0].Contact.URL != "https://erp.test/7" {
			t.Errorf("after a reload: %+v", h.Calls)
		}
		again.SearchHistory("tuesday")
		if h := latest(again.histories); len(h.Calls) != 1 {
			t.Error("the note is not found in the history")
		}
	})
}

func TestNoteOfThePageIsShownToThePerson(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		noted := make(chan *phone.Noted, 10)
		s := newScriptedWith(t, nil, config.Layer{}, func(b *bus.Bus) { bus.Subscribe(b, func(n *phone.Noted) { noted <- n }) })
		s.peer.Request(sip.INVITE, "sip:alice@example.test", offer, siptest.Header("Subject", "x"))
		s.peer.ExpectResponse(sip.INVITE, 180)
		synctest.Wait()
		id := s.Snapshot().Calls[0].ID
		if err := s.Note("", "from the page"); err != nil {
			t.Fatal(err)
		}
		if n := latest(noted); n == nil || *n != (phone.Noted{CallID: id, Text: "from the page"}) {
			t.Errorf("told %+v", n)
		}
		_ = s.SetNote(id, "by the person")
		if n := latest(noted); n != nil {
			t.Errorf("what is typed comes back: %+v", n)
		}
	})
}
