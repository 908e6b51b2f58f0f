package store

import (
	"context"
	"strings"
	"syscall/js"
	"time"

	"gocommunicator/sipcore/jsfunc"
)

func (d *database) put(ctx context.Context, table string, records []Record) error {
	return d.write(ctx, table, func(t js.Value) (last js.Value) {
		for _, r := range records {
			last = t.Call("put", object(r))
		}
		return last
	})
}

// update changes a record in the callback that brings it: after that the transaction
// would be over.
func (d *database) update(ctx context.Context, table, account, id string, change func(*Record) *Record) error {
	var t js.Value
	got, release := jsfunc.Of(func(this js.Value, _ []js.Value) any {
		if r := change(recordOf(this.Get("result"))); r != nil {
			t.Call("put", object(*r))
		}
		return nil
	})
	defer release()
	_, err := d.run(ctx, table, "readwrite", func(table js.Value) js.Value {
		t = table
		request := t.Call("get", []any{account, id})
		request.Set("onsuccess", got.Value)
		return request
	})
	return err
}

func (d *database) find(ctx context.Context, table, account, id string) (*Record, error) {
	v, err := d.ask(ctx, table, func(t js.Value) js.Value { return t.Call("get", []any{account, id}) })
	return recordOf(v), err
}

func (d *database) read(ctx context.Context, table string, q Query) (found []Record, end *Record, err error) {
	list, err := d.ask(ctx, table, func(t js.Value) js.Value {
		index, keys := rangeOf(t, q.Account, q.Peer, q.After)
		return index.Call("getAll", keys, q.Limit)
	})
	if err != nil {
		return nil, nil, err
	}
	n := list.Length()
	for i := range n {
		v := list.Index(i)
		if q.Search == "" || strings.Contains(v.Get("x").String(), q.Search) {
			found = append(found, *recordOf(v))
		}
		if i == q.Limit-1 {
			end = recordOf(v)
		}
	}
	return found, end, nil
}

func (d *database) count(ctx context.Context, table, account string) (int, error) {
	n, err := d.ask(ctx, table, func(t js.Value) js.Value {
		index, keys := rangeOf(t, account, "", nil)
		return index.Call("count", keys)
	})
	if err != nil {
		return 0, err
	}
	return n.Int(), nil
}

func (d *database) remove(ctx context.Context, table, account, id string) error {
	return d.write(ctx, table, func(t js.Value) js.Value { return t.Call("delete", []any{account, id}) })
}

// clear deletes all of an account at once, those of a peer in batches.
func (d *database) clear(ctx context.Context, table, account, peer string) error {
	if peer == "" {
		return d.write(ctx, table, func(t js.Value) js.Value { return t.Call("delete", keyRange(account)) })
	}
	for {
		keys, err := d.ask(ctx, table, func(t js.Value) js.Value {
			index, keys := rangeOf(t, account, peer, nil)
			return index.Call("getAllKeys", keys, batch)
		})
		if err != nil || keys.Length() == 0 {
			return err
		}
		err = d.write(ctx, table, func(t js.Value) (last js.Value) {
			for i := range keys.Length() {
				last = t.Call("delete", keys.Index(i))
			}
			return last
		})
		if err != nil {
			return err
		}
	}
}

// trim deletes the oldest one by one: it is one too many, as a rule.
func (d *database) trim(ctx context.Context, table, account string, keep int) error {
	n, err := d.count(ctx, table, account)
	for ; err == nil && n > keep; n-- {
		var oldest js.Value
		oldest, err = d.ask(ctx, table, func(t js.Value) js.Value {
			index, keys := rangeOf(t, account, "", nil)
			return index.Call("openKeyCursor", keys, "prev")
		})
		if err != nil || !oldest.Truthy() {
			break
		}
		key := oldest.Get("primaryKey")
		err = d.write(ctx, table, func(t js.Value) js.Value { return t.Call("delete", key) })
	}
	return err
}

func (d *database) set(ctx context.Context, name string, value any) error {
	return d.write(ctx, values, func(t js.Value) js.Value { return t.Call("put", value, name) })
}

func (d *database) get(ctx context.Context, name string) (any, error) {
	v, err := d.ask(ctx, values, func(t js.Value) js.Value { return t.Call("get", name) })
	switch v.Type() {
	case js.TypeUndefined:
		return nil, err
	case js.TypeString:
		return v.String(), err
	default:
		return v, err
	}
}

func (d *database) unset(ctx context.Context, name string) error {
	return d.write(ctx, values, func(t js.Value) js.Value { return t.Call("delete", name) })
}

// SetValue keeps what the browser can clone, as a CryptoKey, under a name. The error
// says that it is kept for this visit only.
func (s *Store) SetValue(ctx context.Context, name string, value js.Value) error {
	return s.set(ctx, name, value)
}

// Value returns what SetValue was given, undefined when there is nothing of the kind.
func (s *Store) Value(ctx context.Context, name string) js.Value {
	v, _ := s.get(ctx, name).(js.Value)
	return v
}

// rangeOf is the index, and the part of it, that has the records of an account, or of a
// peer, behind one of them.
func rangeOf(table js.Value, account, peer string, after *Record) (index, keys js.Value) {
	name, prefix := "account", []any{account}
	if peer != "" {
		name, prefix = "peer", append(prefix, peer)
	}
	index = table.Call("index", name)
	if after == nil {
		return index, keyRange(prefix...)
	}
	from := append(prefix[:len(prefix):len(prefix)], order(*after), after.ID)
	return index, js.Global().Get("IDBKeyRange").Call("bound", from, append(prefix, []any{}), true)
}

// keyRange are all keys that begin so: nothing is greater than an array.
func keyRange(prefix ...any) js.Value {
	return js.Global().Get("IDBKeyRange").Call("bound", prefix, append(prefix[:len(prefix):len(prefix)], []any{}))
}

func order(r Record) int64 { return -r.Time.UnixMilli() }

func object(r Record) any {
	return map[string]any{
		"a": r.Account, "i": r.ID, "p": r.Peer, "o": order(r), "x": folded(r.Text), "d": string(r.Data),
	}
}

func recordOf(v js.Value) *Record {
	if v.Type() != js.TypeObject {
		return nil
	}
	return &Record{
		Account: v.Get("a").String(), ID: v.Get("i").String(), Peer: v.Get("p").String(),
		Time: time.UnixMilli(-int64(v.Get("o").Float())), Data: []byte(v.Get("d").String()),
	}
}
