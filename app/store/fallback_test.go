//go:build !js

package store

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// useDatabase has the next stores opened with what a test gives them.
func useDatabase(t *testing.T, open func(context.Context) (*database, error)) {
	t.Helper()
	was := openDatabase
	openDatabase = func(ctx context.Context, _ string) (*database, error) { return open(ctx) }
	t.Cleanup(func() { openDatabase = was })
}

func TestForbiddenStorageIsToldOnceAndMemoryServes(t *testing.T) {
	useDatabase(t, func(context.Context) (*database, error) { return nil, errors.New("SecurityError") })
	s, told := open(t, "")
	tableBehaves(t, s)
	valuesBehave(t, s, false)
	expect(t, "told", len(*told), 1)
	expect(t, "reason", (*told)[0], Forbidden)
}

func TestDatabaseThatNeverOpensIsWaitedForInBounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		useDatabase(t, func(ctx context.Context) (*database, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		})
		s, told := open(t, "")
		begun := time.Now()
		s.Calls.Put(t.Context(), at("a", bob, 0, ""))
		expect(t, "waited", time.Since(begun), 30*time.Second)
		expect(t, "told", len(*told), 1)
		expect(t, "read", ids(s.Calls.Read(t.Context(), Query{Account: alice, Limit: 9})), "a")
		expect(t, "waited once", time.Since(begun), 30*time.Second)
	})
}

func TestCallerNeedNotWaitForTheDatabase(t *testing.T) {
	useDatabase(t, func(ctx context.Context) (*database, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
	s, told := open(t, "")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	expect(t, "count", s.Calls.Count(ctx, alice), 0)
	s.Close()
	expect(t, "told of a store that was closed", len(*told), 0)
}

func TestWhatAFullDatabaseRefusesIsReadBesideWhatItHas(t *testing.T) {
	full := &database{}
	useDatabase(t, func(context.Context) (*database, error) { return full, nil })
	s, told := open(t, "")
	ctx := t.Context()
	read := func(q Query) string { q.Account = alice; return ids(s.Messages.Read(ctx, q)) }

	s.Messages.Put(ctx, at("b", bob, 2, "kept"), at("d", carol, 4, "kept"))
	full.broken = errFull
	s.Messages.Put(ctx, at("a", bob, 1, "not kept"))
	s.Messages.Put(ctx, at("c", bob, 3, "not kept"))
	expect(t, "merged", read(Query{Limit: 10}), "a b c d")
	expect(t, "first page", read(Query{Limit: 2}), "a b")
	expect(t, "second page", read(Query{Limit: 2, After: s.Messages.Find(ctx, alice, "b")}), "c d")
	expect(t, "search", read(Query{Limit: 10, Search: "NOT"}), "a c")
	expect(t, "count", s.Messages.Count(ctx, alice), 4)
	expect(t, "told", len(*told), 1)
	expect(t, "reason", (*told)[0], Full)

	s.Messages.Update(ctx, alice, "d", func(r *Record) *Record { r.Time = at("", "", 0, "").Time; return r })
	expect(t, "one of the database's, changed", read(Query{Limit: 10}), "d a b c")
	s.Messages.Update(ctx, alice, "d", func(r *Record) *Record { r.Time = at("", "", 5, "").Time; return r })
	expect(t, "and again", read(Query{Limit: 10}), "a b c d")

	full.broken = nil // room again
	s.Messages.Update(ctx, alice, "d", func(r *Record) *Record { r.Peer = "sip:dave@example.test"; return r })
	s.Messages.Put(ctx, at("a", bob, 1, "kept"))
	expect(t, "kept after all", ids(full.memory.tables["messages"]), "a b d")
	expect(t, "nothing twice", read(Query{Limit: 10}), "a b c d")
	expect(t, "told once", len(*told), 1)

	s.Messages.Delete(ctx, alice, "c")
	s.Messages.Delete(ctx, alice, "b")
	expect(t, "deleted from both", read(Query{Limit: 10}), "a d")
}

func TestDatabaseThatIsGoneIsNotAskedAgain(t *testing.T) {
	gone := &database{}
	useDatabase(t, func(context.Context) (*database, error) { return gone, nil })
	s, told := open(t, "")
	s.Calls.Put(t.Context(), at("a", bob, 1, ""))
	gone.closed = true // by the browser, whose person cleared the site's data
	s.Calls.Put(t.Context(), at("b", bob, 0, ""))
	expect(t, "read", ids(s.Calls.Read(t.Context(), Query{Account: alice, Limit: 9})), "b")
	expect(t, "told", len(*told), 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db != nil {
		t.Error("the store still has the database")
	}
}
