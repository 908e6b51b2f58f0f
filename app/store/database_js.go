package store

import (
	"context"
	"errors"
	"sync"
	"syscall/js"

	"gocommunicator/sipcore/jsfunc"
	"gocommunicator/sipcore/promise"
)

// version is that of the database. A change of its tables or indexes makes a new one.
const version = 1

// tables are those of records, values is the one of single values.
var tables = []string{"calls", "messages", "chats"}

const values = "values"

// database is an IDBDatabase.
//
// A record is an object {a: account, i: id, p: peer, o: order, x: folded text, d: data}.
// Its order is the time in ms, negative: the browser reads many records at once only
// upwards.
type database struct{ js.Value }

// indexes are those of each table: of all records of an account, and of a peer's.
var indexes = map[string][]any{
	"account": {"a", "o", "i"},
	"peer":    {"a", "p", "o", "i"},
}

// upgrade makes the tables of a new database. It is a callback shared by all.
var upgrade = sync.OnceValue(func() js.Func {
	f, _ := jsfunc.Of(func(_ js.Value, args []js.Value) any {
		db := args[0].Get("target").Get("result")
		for _, table := range tables {
			made := db.Call("createObjectStore", table, map[string]any{"keyPath": []any{"a", "i"}})
			for name, path := range indexes {
				made.Call("createIndex", name, path)
			}
		}
		db.Call("createObjectStore", values)
		return nil
	})
	return f
})

// openDatabase opens the database and makes it first if need be. Should another tab
// want to change or delete it, it is let go of.
func openDatabase(ctx context.Context, name string) (*database, error) {
	event, err := promise.Await(ctx, func() js.Value {
		// Some browsers forbid it by an exception, which Get does not survive.
		factory := js.Global().Get("Reflect").Call("get", js.Global(), "indexedDB")
		request := factory.Call("open", name, version)
		request.Set("onupgradeneeded", upgrade().Value)
		return settled(request, "success", "error")
	}, func(event js.Value) {
		if db := event.Get("target").Get("result"); db.Truthy() {
			db.Call("close")
		}
	})
	if err == nil {
		err = failureOf(event)
	}
	if err != nil {
		return nil, err
	}
	db := event.Get("target").Get("result")
	db.Set("onversionchange", db.Get("close").Call("bind", db))
	return &database{db}, nil
}

func (d *database) close() { d.Call("close") }

// settled is a promise of whichever comes first of two events.
func settled(about js.Value, success, failure string) js.Value {
	var resolve js.Value
	executor, release := jsfunc.Of(func(_ js.Value, args []js.Value) any {
		resolve = args[0]
		return nil
	})
	defer release()
	p := js.Global().Get("Promise").New(executor)
	about.Set("on"+success, resolve)
	about.Set("on"+failure, resolve)
	return p
}

// failureOf is the error that an event tells of, nil when it tells of success.
func failureOf(event js.Value) error {
	switch event.Get("type").String() {
	case "error", "abort":
	default:
		return nil
	}
	e := event.Get("target").Get("error")
	if !e.Truthy() {
		return &promise.Exception{Name: "AbortError"}
	}
	return &promise.Exception{Name: e.Get("name").String(), Message: e.Get("message").String()}
}

func isGone(err error) bool { return isNamed(err, "InvalidStateError") }

func reasonOf(err error) Reason {
	switch {
	case isNamed(err, "QuotaExceededError"):
		return Full
	case isNamed(err, "VersionError"):
		return Version
	default:
		return Forbidden
	}
}

func isNamed(err error, name string) bool {
	var e *promise.Exception
	return errors.As(err, &e) && e.Name == name
}

// run does something in a transaction and waits for its end, since only then it is
// written. It returns the result of the request that do returns.
func (d *database) run(ctx context.Context, table, mode string, do func(table js.Value) js.Value) (js.Value, error) {
	var transaction, request js.Value
	event, err := promise.Await(ctx, func() js.Value {
		transaction = d.Call("transaction", table, mode)
		p := settled(transaction, "complete", "abort")
		request = do(transaction.Call("objectStore", table))
		return p
	}, nil)
	if err != nil {
		if transaction.Truthy() { // undone rather than done later
			_, _ = promise.Try(func() js.Value { return transaction.Call("abort") })
		}
		return js.Undefined(), err
	}
	if err := failureOf(event); err != nil || !request.Truthy() {
		return js.Undefined(), err
	}
	return request.Get("result"), nil
}

func (d *database) ask(ctx context.Context, table string, do func(table js.Value) js.Value) (js.Value, error) {
	return d.run(ctx, table, "readonly", do)
}

// write ends the transaction at once: so what is written when the page is left is kept.
func (d *database) write(ctx context.Context, table string, do func(table js.Value) js.Value) error {
	_, err := d.run(ctx, table, "readwrite", func(t js.Value) js.Value {
		request := do(t)
		// A browser that does not know how ends it a little later.
		_, _ = promise.Try(func() js.Value { return t.Get("transaction").Call("commit") })
		return request
	})
	return err
}
