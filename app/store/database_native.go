//go:build !js

package store

import (
	"context"
	"errors"
	"strings"
)

// database stands in for that of a browser: memory which can fail as that does.
type database struct {
	memory

	broken error // what the browser would say
	closed bool
}

var errGone = errors.New("the database is closed")

// openDatabase is replaced by tests.
var openDatabase = func(context.Context, string) (*database, error) { return &database{}, nil }

func isGone(err error) bool { return errors.Is(err, errGone) }

func reasonOf(err error) Reason {
	if errors.Is(err, errFull) {
		return Full
	}
	return Forbidden
}

var errFull = errors.New("the database is full")

func (d *database) close() { d.closed = true }

// state is what stands against reading, and against writing.
func (d *database) state() (read, write error) {
	if d.closed {
		return errGone, errGone
	}
	return nil, d.broken
}

func (d *database) put(_ context.Context, table string, records []Record) error {
	if _, err := d.state(); err != nil {
		return err
	}
	for _, r := range records {
		d.memory.remove(table, r.Account, r.ID)
		d.memory.put(table, r)
	}
	return nil
}

func (d *database) update(ctx context.Context, table, account, id string, change func(*Record) *Record) error {
	if r := change(d.memory.find(table, account, id)); r != nil {
		return d.put(ctx, table, []Record{*r})
	}
	return nil
}

func (d *database) find(_ context.Context, table, account, id string) (*Record, error) {
	err, _ := d.state()
	return d.memory.find(table, account, id), err
}

func (d *database) read(_ context.Context, table string, q Query) (found []Record, end *Record, err error) {
	if err, _ := d.state(); err != nil {
		return nil, nil, err
	}
	search := q.Search
	q.Search = ""
	all := d.memory.read(table, q)
	if len(all) == q.Limit {
		end = &all[len(all)-1]
	}
	for _, r := range all {
		if strings.Contains(folded(r.Text), search) {
			found = append(found, r)
		}
	}
	return found, end, nil
}

func (d *database) count(_ context.Context, table, account string) (int, error) {
	err, _ := d.state()
	return d.memory.count(table, account), err
}

func (d *database) remove(_ context.Context, table, account, id string) error {
	d.memory.remove(table, account, id)
	err, _ := d.state()
	return err
}

func (d *database) clear(_ context.Context, table, account, peer string) error {
	d.memory.clear(table, account, peer)
	err, _ := d.state()
	return err
}

func (d *database) trim(_ context.Context, table, account string, keep int) error {
	d.memory.trim(table, account, keep)
	err, _ := d.state()
	return err
}

func (d *database) set(_ context.Context, name string, value any) error {
	_, err := d.state()
	if err == nil {
		d.memory.set(name, value)
	}
	return err
}

func (d *database) get(_ context.Context, name string) (any, error) {
	err, _ := d.state()
	return d.memory.get(name), err
}

func (d *database) unset(_ context.Context, name string) error {
	d.memory.unset(name)
	err, _ := d.state()
	return err
}
