package store

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
)

// Record is one entry of a table. Account and ID together name it.
type Record struct {
	Account string // AOR it belongs to, `sip:user@host`
	ID      string
	Peer    string    // AOR of the other side, may be empty
	Time    time.Time // in ms; records come newest first
	Text    string    // what is found by Search; never read back
	Data    []byte    // JSON
}

// Table holds records.
type Table struct {
	store *Store
	name  string
}

// Query says which records are read.
type Query struct {
	Account string
	Peer    string // empty: of all
	// After is the last record of the page before; nil begins with the newest.
	After *Record
	Limit int
	// Search leaves only records in whose Text this stands, in whatever case.
	Search string
}

// batch is how many records are searched at a time, which takes a few ms.
const batch = 400

// Put writes records, in place of those of the same account and id.
func (t *Table) Put(ctx context.Context, records ...Record) {
	err := t.store.try(ctx, func(ctx context.Context, db *database) error { return db.put(ctx, t.name, records) })
	for _, r := range records {
		t.store.memory.remove(t.name, r.Account, r.ID)
		if err != nil {
			t.store.memory.put(t.name, r)
		}
	}
}

// Update changes one record in one transaction: change is given the one there is, or
// nil, and returns what is to be written, or nil to leave it. It may be called in a
// callback of the browser and more than once: it must neither wait nor do anything else.
func (t *Table) Update(ctx context.Context, account, id string, change func(*Record) *Record) {
	kept := t.store.memory.find(t.name, account, id)
	err := t.store.try(ctx, func(ctx context.Context, db *database) error {
		return db.update(ctx, t.name, account, id, func(r *Record) *Record {
			if kept != nil {
				r = kept
			}
			return change(r)
		})
	})
	if err == nil {
		t.store.memory.remove(t.name, account, id)
		return
	}
	if kept == nil { // nothing was written, but it may be read
		_ = t.store.try(ctx, func(ctx context.Context, db *database) (err error) {
			kept, err = db.find(ctx, t.name, account, id)
			return err
		})
	}
	if r := change(kept); r != nil {
		t.store.memory.remove(t.name, account, id)
		t.store.memory.put(t.name, *r)
	}
}

// Find returns one record, nil when there is none.
func (t *Table) Find(ctx context.Context, account, id string) *Record {
	r := t.store.memory.find(t.name, account, id)
	if r == nil {
		_ = t.store.try(ctx, func(ctx context.Context, db *database) (err error) {
			r, err = db.find(ctx, t.name, account, id)
			return err
		})
	}
	return r
}

// Read returns records, newest first. It is short only at the end, or when ctx ends.
func (t *Table) Read(ctx context.Context, q Query) []Record {
	if q.Limit <= 0 {
		return nil
	}
	q.Search = folded(q.Search)
	var kept []Record
	for from := q; len(kept) < q.Limit; {
		if q.Search != "" {
			from.Limit = batch
		} else {
			from.Limit = q.Limit
		}
		var last *Record
		err := t.store.try(ctx, func(ctx context.Context, db *database) error {
			found, end, err := db.read(ctx, t.name, from)
			kept, last = append(kept, found...), end
			return err
		})
		if err != nil || last == nil {
			break
		}
		from.After = last
	}
	more := t.store.memory.read(t.name, q)
	if len(more) > 0 {
		kept = slices.DeleteFunc(kept, func(r Record) bool {
			return t.store.memory.find(t.name, r.Account, r.ID) != nil // an older state of it
		})
		kept = append(kept, more...)
		slices.SortFunc(kept, newer)
	}
	return kept[:min(len(kept), q.Limit)]
}

// Count tells how many records an account has.
func (t *Table) Count(ctx context.Context, account string) (n int) {
	_ = t.store.try(ctx, func(ctx context.Context, db *database) (err error) {
		n, err = db.count(ctx, t.name, account)
		return err
	})
	return n + t.store.memory.count(t.name, account)
}

// Delete forgets a record.
func (t *Table) Delete(ctx context.Context, account, id string) {
	t.store.memory.remove(t.name, account, id)
	_ = t.store.try(ctx, func(ctx context.Context, db *database) error {
		return db.remove(ctx, t.name, account, id)
	})
}

// Clear forgets all records of an account, or those with a peer if one is given.
func (t *Table) Clear(ctx context.Context, account, peer string) {
	t.store.memory.clear(t.name, account, peer)
	_ = t.store.try(ctx, func(ctx context.Context, db *database) error {
		return db.clear(ctx, t.name, account, peer)
	})
}

// Trim forgets the oldest records of an account beyond a number.
func (t *Table) Trim(ctx context.Context, account string, keep int) {
	t.store.memory.trim(t.name, account, keep)
	_ = t.store.try(ctx, func(ctx context.Context, db *database) error {
		return db.trim(ctx, t.name, account, keep)
	})
}

// newer orders records: newest first, those of the same ms by id.
func newer(a, b Record) int {
	return cmp.Or(cmp.Compare(b.Time.UnixMilli(), a.Time.UnixMilli()), strings.Compare(a.ID, b.ID))
}
