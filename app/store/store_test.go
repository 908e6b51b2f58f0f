package store

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	alice = "sip:alice@example.test"
	bob   = "sip:bob@example.test"
	carol = "sip:carol@example.test"
)

// open makes a store of its own for a test. What is told of failures is collected.
func open(t *testing.T, name string) (*Store, *[]Reason) {
	t.Helper()
	var told []Reason
	s := Open(Config{
		Name: name, Log: slog.New(slog.DiscardHandler),
		OnFallback: func(err error) {
			var f *StorageError
			if !asStorageError(err, &f) {
				t.Errorf("told %v, which is no *StorageError", err)
				return
			}
			told = append(told, f.Reason)
		},
	})
	t.Cleanup(s.Close)
	return s, &told
}

func asStorageError(err error, to **StorageError) bool {
	f, ok := err.(*StorageError) //nolint:errorlint // exactly this
	*to = f
	return ok
}

// at is a record of alice's; n is its age in seconds.
func at(id, peer string, n int, text string) Record {
	return Record{
		Account: alice, ID: id, Peer: peer, Time: time.UnixMilli(1_700_000_000_000 - int64(n)*1000),
		Text: text, Data: fmt.Appendf(nil, `{"id":%q}`, id),
	}
}

func ids(records []Record) string {
	var all []string
	for _, r := range records {
		all = append(all, r.ID)
	}
	return strings.Join(all, " ")
}

func expect(t *testing.T, what string, got, want any) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// tableBehaves is what a table does, wherever it keeps its records.
func tableBehaves(t *testing.T, s *Store) {
	ctx, table := t.Context(), s.Messages
	other := at("z", bob, 0, "of another account")
	other.Account = carol
	table.Put(ctx, at("c", bob, 3, "Third"), at("a", bob, 1, "first"), at("b", carol, 2, "ÄRGER \"quoted\""), other)
	table.Put(ctx, at("d", bob, 3, "at the same time as c"))

	read := func(q Query) string { q.Account = alice; return ids(table.Read(ctx, q)) }
	expect(t, "newest first", read(Query{Limit: 10}), "a b c d")
	expect(t, "of a peer", read(Query{Limit: 10, Peer: bob}), "a c d")
	expect(t, "none wanted", read(Query{}), "")
	expect(t, "of nobody", read(Query{Limit: 10, Peer: "sip:nobody@example.test"}), "")

	var paged []string
	for q := (Query{Account: alice, Limit: 1}); ; {
		page := table.Read(ctx, q)
		if len(page) == 0 {
			break
		}
		paged = append(paged, page[0].ID)
		q.After = &page[0]
	}
	expect(t, "in pages of one", strings.Join(paged, " "), "a b c d")
	for search, want := range map[string]string{"FIRST": "a", "ärger": "b", `"QUOT`: "b", "t": "a b c d", "zzz": ""} {
		expect(t, "search for "+search, read(Query{Limit: 10, Search: search}), want)
	}
	expect(t, "search of a peer", read(Query{Limit: 10, Peer: bob, Search: "T"}), "a c d")
	expect(t, "search, one result", read(Query{Limit: 1, Search: "t"}), "a")

	first := table.Find(ctx, alice, "a")
	if first == nil || string(first.Data) != `{"id":"a"}` || first.Peer != bob || !first.Time.Equal(at("a", bob, 1, "").Time) {
		t.Errorf("found %+v", first)
	}
	if r := table.Find(ctx, carol, "a"); r != nil {
		t.Errorf("carol has alice's record: %+v", r)
	}
	expect(t, "count", table.Count(ctx, alice), 4)

	table.Put(ctx, at("a", bob, 9, "rewritten"))
	expect(t, "rewritten, at another time", read(Query{Limit: 10}), "b c d a")
	table.Update(ctx, alice, "a", func(r *Record) *Record { r.Time = r.Time.Add(8 * time.Second); return r })
	expect(t, "updated", read(Query{Limit: 10}), "a b c d")
	table.Update(ctx, alice, "e", func(r *Record) *Record {
		if r != nil {
			t.Errorf("update of what is not there was given %+v", r)
		}
		made := at("e", bob, 5, "")
		return &made
	})
	table.Update(ctx, alice, "b", func(*Record) *Record { return nil })
	expect(t, "made by an update", read(Query{Limit: 10}), "a b c d e")

	table.Delete(ctx, alice, "c")
	table.Delete(ctx, alice, "not there")
	expect(t, "one deleted", read(Query{Limit: 10}), "a b d e")
	table.Trim(ctx, alice, 3)
	expect(t, "trimmed", read(Query{Limit: 10}), "a b d")
	table.Clear(ctx, alice, bob)
	expect(t, "cleared of a peer", read(Query{Limit: 10}), "b")
	table.Clear(ctx, alice, "")
	expect(t, "cleared", read(Query{Limit: 10}), "")
	expect(t, "what another account has", table.Count(ctx, carol), 1)
	expect(t, "what another table has", s.Calls.Count(ctx, alice), 0)
	table.Clear(ctx, carol, "")
}

// valuesBehave is what values do, wherever they are kept.
func valuesBehave(t *testing.T, s *Store, kept bool) {
	ctx := t.Context()
	if v := s.Get(ctx, "draft"); v != nil {
		t.Errorf("there is %q", v)
	}
	for _, value := range []string{`"hello"`, `{"π":1}`} {
		err := s.Set(ctx, "draft", []byte(value))
		expect(t, "remembered", err == nil, kept)
		expect(t, "value", string(s.Get(ctx, "draft")), value)
	}
	if err := s.Unset(ctx, "draft"); err != nil {
		t.Error(err)
	}
	expect(t, "forgotten", s.Get(ctx, "draft") == nil, true)
}

func TestTable(t *testing.T) {
	s, told := open(t, t.Name())
	tableBehaves(t, s)
	valuesBehave(t, s, true)
	expect(t, "failures told", len(*told), 0)
}

func TestClosedStoreGoesOnWithMemory(t *testing.T) {
	s, _ := open(t, t.Name())
	s.Close()
	tableBehaves(t, s)
	valuesBehave(t, s, false)
}

func TestSearchGoesThroughManyBatches(t *testing.T) {
	s, _ := open(t, t.Name())
	var all []Record
	for i := range 3*batch + 7 {
		text := "hay"
		if i%batch == batch-1 || i == 3*batch+6 {
			text = "needle"
		}
		all = append(all, at(fmt.Sprintf("%05d", i), bob, i, text))
	}
	s.Messages.Put(t.Context(), all...)
	found := s.Messages.Read(t.Context(), Query{Account: alice, Limit: 10, Search: "Needle"})
	expect(t, "found", len(found), 4)
	found = s.Messages.Read(t.Context(), Query{Account: alice, Limit: 3, Search: "needle", After: &found[0]})
	expect(t, "found behind the first", len(found), 3)
	s.Messages.Clear(t.Context(), alice, bob)
	expect(t, "left", s.Messages.Count(t.Context(), alice), 0)
}

func TestNewestFirstWithTiesById(t *testing.T) {
	records := []Record{at("b", "", 1, ""), at("a", "", 1, ""), at("c", "", 0, "")}
	slices.SortFunc(records, newer)
	expect(t, "order", ids(records), "c a b")
}
