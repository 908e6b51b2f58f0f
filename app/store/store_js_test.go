package store

import (
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"syscall/js"
	"testing"
	"time"

	"gocommunicator/sipcore/promise"
)

// raw opens a database as another tab would that does not let go of it.
func raw(t *testing.T, name string, version int) (closing func()) {
	t.Helper()
	event, err := promise.Await(t.Context(), func() js.Value {
		return settled(js.Global().Get("indexedDB").Call("open", name, version), "success", "error")
	}, nil)
	if err == nil {
		err = failureOf(event)
	}
	if err != nil {
		t.Fatal(err)
	}
	db := event.Get("target").Get("result")
	return func() { db.Call("close") }
}

func TestWhatIsRememberedOutlivesThePage(t *testing.T) {
	ctx := t.Context()
	s, told := open(t, t.Name())
	s.Calls.Put(ctx, at("a", bob, 1, ""), at("b", carol, 2, ""))
	if err := s.Set(ctx, "draft", []byte(`"hello"`)); err != nil {
		t.Fatal(err)
	}
	s.Close()
	again, _ := open(t, t.Name())
	expect(t, "calls", ids(again.Calls.Read(ctx, Query{Account: alice, Limit: 9})), "a b")
	expect(t, "draft", string(again.Get(ctx, "draft")), `"hello"`)
	expect(t, "failures told", len(*told), 0)
	again.Calls.Clear(ctx, alice, "")
	_ = again.Unset(ctx, "draft")
}

func TestTwoTabsUndoNothingOfEachOther(t *testing.T) {
	ctx := t.Context()
	one, _ := open(t, t.Name())
	two, _ := open(t, t.Name())
	count := func(r *Record) *Record {
		if r == nil {
			r = &Record{Account: alice, ID: bob, Data: []byte{}}
		}
		r.Data = append(r.Data, 'x')
		return r
	}
	const each = 50
	var both sync.WaitGroup
	for _, s := range []*Store{one, two} {
		both.Go(func() {
			for i := range each {
				s.Chats.Update(ctx, alice, bob, count)
				s.Calls.Put(ctx, at(fmt.Sprintf("%p %d", s, i), bob, i, ""))
			}
		})
	}
	both.Wait()
	expect(t, "updates", len(one.Chats.Find(ctx, alice, bob).Data), 2*each)
	expect(t, "calls", two.Calls.Count(ctx, alice), 2*each)
	one.Calls.Clear(ctx, alice, "")
	one.Chats.Clear(ctx, alice, "")
}

func TestKeyThatCannotBeReadIsKept(t *testing.T) {
	ctx := t.Context()
	s, _ := open(t, t.Name())
	if v := s.Value(ctx, "key"); !v.IsUndefined() {
		t.Errorf("there is %v", v)
	}
	key, err := promise.Await(ctx, func() js.Value {
		return js.Global().Get("crypto").Get("subtle").Call("generateKey",
			map[string]any{"name": "AES-GCM", "length": 256}, false, []any{"encrypt", "decrypt"})
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SetValue(ctx, "key", key); err != nil {
		t.Fatal(err)
	}
	s.Close()
	again, _ := open(t, t.Name())
	if v := again.Value(ctx, "key"); !v.InstanceOf(js.Global().Get("CryptoKey")) || v.Get("extractable").Bool() {
		t.Errorf("came back as %v", v)
	}
	if v := again.Get(ctx, "key"); v != nil {
		t.Errorf("a key is read as text: %q", v)
	}
	if err := again.Unset(ctx, "key"); err != nil {
		t.Error(err)
	}
	if v := again.Value(ctx, "key"); !v.IsUndefined() {
		t.Errorf("after it was forgotten there is %v", v)
	}
}

func TestWhatCannotBeClonedIsAnErrorAndServesThisVisit(t *testing.T) {
	s, told := open(t, t.Name())
	if err := s.SetValue(t.Context(), "function", js.Global().Get("fetch")); err == nil {
		t.Error("a function is remembered")
	}
	expect(t, "kept for the visit", s.Value(t.Context(), "function").Type(), js.TypeFunction)
	expect(t, "told", len(*told), 1)
}

func TestBrowserThatForbidsStorage(t *testing.T) {
	mine := js.Global().Get("indexedDB")
	for name, make := range map[string]string{
		"absent":   "undefined",
		"hidden":   "{ throw new DOMException('denied', 'SecurityError') }",
		"throwing": "({ open() { throw new DOMException('denied', 'SecurityError') } })",
		"refusing": `({ open() {
			const request = { error: new DOMException('A mutation operation was attempted on a database that did not allow mutations.', 'InvalidStateError') };
			queueMicrotask(() => request.onerror({ type: 'error', target: request }));
			return request;
		} })`,
		"silent": "({ open() { return {}; } })",
	} {
		t.Run(name, func(t *testing.T) {
			set := func(how any) {
				js.Global().Get("Object").Call("defineProperty", js.Global(), "indexedDB", how)
			}
			set(js.Global().Call("eval", "({ configurable: true, get: () => "+make+" })"))
			defer set(map[string]any{"value": mine, "configurable": true})
			var told []error
			s := Open(Config{
				Timeout: 200 * time.Millisecond, Log: slog.New(slog.DiscardHandler),
				OnFallback: func(err error) { told = append(told, err) },
			})
			defer s.Close()
			tableBehaves(t, s)
			valuesBehave(t, s, false)
			var f *StorageError
			if len(told) != 1 || !errors.As(told[0], &f) || f.Reason != Forbidden {
				t.Errorf("told %v", told)
			}
		})
	}
}

func TestDatabaseOfANewerVersionIsLeftAlone(t *testing.T) {
	raw(t, t.Name(), version+1)()
	s, told := open(t, t.Name())
	s.Calls.Put(t.Context(), at("a", bob, 1, ""))
	expect(t, "read", s.Calls.Count(t.Context(), alice), 1)
	expect(t, "told", fmt.Sprint(*told), fmt.Sprint([]Reason{Version}))
}

func TestDatabaseIsGivenUpForANewerVersion(t *testing.T) {
	s, told := open(t, t.Name())
	s.Calls.Put(t.Context(), at("a", bob, 1, ""))
	defer raw(t, t.Name(), version+1)() // would wait for ever if the store held on
	s.Calls.Put(t.Context(), at("b", bob, 0, ""))
	expect(t, "read", ids(s.Calls.Read(t.Context(), Query{Account: alice, Limit: 9})), "b")
	expect(t, "told", len(*told), 1)
}

func TestOpeningThatAnotherTabBlocksIsBounded(t *testing.T) {
	letGo := raw(t, t.Name(), version)
	js.Global().Get("indexedDB").Call("deleteDatabase", t.Name()) // waits for that tab, and what comes then for it
	told := make(chan error, 1)
	s := Open(Config{
		Name: t.Name(), Timeout: 200 * time.Millisecond, Log: slog.New(slog.DiscardHandler),
		OnFallback: func(err error) { told <- err },
	})
	defer s.Close()
	s.Calls.Put(t.Context(), at("a", bob, 1, ""))
	expect(t, "read", s.Calls.Count(t.Context(), alice), 1)
	expect(t, "told", len(told), 1)
	letGo()
	defer raw(t, t.Name(), version+1)() // would wait for ever if what was opened late were not closed
}

func TestFullStorageIsToldAndMemoryServes(t *testing.T) {
	s, told := open(t, t.Name())
	s.Calls.Put(t.Context(), at("a", bob, 1, ""))
	tables := js.Global().Get("IDBObjectStore").Get("prototype")
	put := tables.Get("put")
	tables.Set("put", js.Global().Call("eval", `(function() {
		const transaction = this.transaction;
		Object.defineProperty(transaction, 'error', { value: new DOMException('full', 'QuotaExceededError') });
		transaction.abort();
	})`))
	s.Calls.Put(t.Context(), at("b", bob, 2, ""))
	tables.Set("put", put)
	s.Calls.Put(t.Context(), at("c", bob, 3, ""))
	expect(t, "read", ids(s.Calls.Read(t.Context(), Query{Account: alice, Limit: 9})), "a b c")
	expect(t, "told", fmt.Sprint(*told), fmt.Sprint([]Reason{Full}))
	s.Calls.Clear(t.Context(), alice, "")
}

func TestFiftyThousandMessages(t *testing.T) {
	const total, peers = 50_000, 20
	ctx := t.Context()
	s, _ := open(t, t.Name())
	defer s.Messages.Clear(ctx, alice, "")
	var some []Record
	for i := range total {
		r := at(fmt.Sprintf("%06d", i), fmt.Sprintf("sip:peer%d@example.test", i%peers), i, fmt.Sprintf("message %d of a long talk about nothing in particular", i))
		r.Data = fmt.Appendf(nil, `{"id":%q,"text":%q,"status":"displayed","content_type":"text/plain"}`, r.ID, r.Text)
		if some = append(some, r); len(some) == 1000 {
			s.Messages.Put(ctx, some...)
			some = some[:0]
		}
	}
	expect(t, "count", s.Messages.Count(ctx, alice), total)

	for _, c := range []struct {
		what string
		q    Query
		want int
	}{
		{"page of a chat", Query{Peer: "sip:peer7@example.test", Limit: 200}, 200},
		{"search, one found at the very end", Query{Search: "Message 49999 ", Limit: 100}, 1},
		{"search, nothing found", Query{Search: "zzz", Limit: 100}, 0},
		{"search, much found", Query{Search: "talk", Limit: 100}, 100},
	} {
		c.q.Account = alice
		longest, stop := heartbeat()
		begun := time.Now()
		found := s.Messages.Read(ctx, c.q)
		took := time.Since(begun)
		expect(t, c.what, len(found), c.want)
		t.Logf("%d messages, %s: %v, page held for %.0f ms at most", total, c.what, took.Round(time.Millisecond), longest())
		stop()
	}
}

// heartbeat measures the longest time, in ms, for which the page was not free for
// anything else.
func heartbeat() (longest func() float64, stop func()) {
	o := js.Global().Call("eval", `(() => {
		const seen = { longest: 0, stop: false }, { port1, port2 } = new MessageChannel();
		let last = performance.now();
		port1.onmessage = () => {
			const now = performance.now();
			seen.longest = Math.max(seen.longest, now - last);
			last = now;
			if (!seen.stop) port2.postMessage(null);
		};
		port2.postMessage(null);
		return seen;
	})()`)
	return func() float64 { return o.Get("longest").Float() }, func() { o.Set("stop", true) }
}
