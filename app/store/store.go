package store

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// Config says where things are remembered.
type Config struct {
	// Name is that of the database; empty means "gocommunicator".
	Name string
	// Timeout is how long the browser may take for one step; 0 means 30 s. One that
	// takes longer is not asked again.
	Timeout time.Duration
	// OnFallback is told, once, that something is not remembered beyond this visit: a
	// *StorageError. It may be called on any goroutine and must not wait.
	OnFallback func(error)
	// Log gets every failure; nil means slog.Default().
	Log *slog.Logger
}

// Store is what is remembered.
type Store struct {
	// Calls are the calls that were.
	Calls *Table
	// Messages are those of the chats.
	Messages *Table
	// Chats are the peers there are messages with, one record for each: ID and Peer are
	// its address, Time is that of the last message.
	Chats *Table

	config Config
	opened chan struct{}
	stop   context.CancelFunc
	memory memory // what the database did not take

	mu   sync.Mutex
	db   *database // nil before it is opened, and where there is none (any more)
	told bool
}

// StorageError is why something is not remembered.
type StorageError struct {
	Reason Reason
	Err    error // of the browser
}

func (e *StorageError) Error() string {
	return "nothing is remembered (" + string(e.Reason) + "): " + e.Err.Error()
}

func (e *StorageError) Unwrap() error { return e.Err }

// Reason is a kind of failure.
type Reason string

// The reasons.
const (
	Forbidden Reason = "forbidden" // by the person, the site around the page, or a private window
	Full      Reason = "full"      // no room is left
	Version   Reason = "version"   // another tab has a newer phone, or keeps hold of an older one
)

// Open makes a store and begins to open the database; what is called meanwhile waits.
func Open(c Config) *Store {
	if c.Name == "" {
		c.Name = "gocommunicator"
	}
	if c.Timeout == 0 {
		c.Timeout = 30 * time.Second
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	ctx, stop := context.WithCancel(context.Background())
	s := &Store{config: c, opened: make(chan struct{}), stop: stop}
	s.Calls, s.Messages, s.Chats = &Table{s, "calls"}, &Table{s, "messages"}, &Table{s, "chats"}
	go s.open(ctx)
	return s
}

func (s *Store) open(ctx context.Context) {
	defer close(s.opened)
	bounded, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	db, err := openDatabase(bounded, s.config.Name)
	if ctx.Err() != nil {
		if db != nil {
			db.close()
		}
		return
	}
	if err != nil {
		s.failed(err)
		return
	}
	s.mu.Lock()
	s.db = db
	s.mu.Unlock()
}

// Close lets go of the database. What is called afterwards finds memory alone.
func (s *Store) Close() {
	s.stop()
	<-s.opened
	s.leave()
}

func (s *Store) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db != nil {
		s.db.close()
		s.db = nil
	}
}

// try does something with the database. The error says that it was not done: errNone
// where there is no database, else it has been told.
func (s *Store) try(ctx context.Context, do func(context.Context, *database) error) error {
	select {
	case <-s.opened:
	case <-ctx.Done():
		return ctx.Err()
	}
	s.mu.Lock()
	db := s.db
	s.mu.Unlock()
	if db == nil {
		return errNone
	}
	bounded, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	err := do(bounded, db)
	if err == nil || ctx.Err() != nil {
		return err
	}
	if errors.Is(err, context.DeadlineExceeded) || isGone(err) {
		s.leave()
	}
	s.failed(err)
	return err
}

// errNone says that there is no database.
var errNone = errors.New("there is no database")

// failed tells of a failure, if it is the first.
func (s *Store) failed(err error) {
	s.config.Log.Warn("not remembered", "err", err)
	s.mu.Lock()
	told := s.told
	s.told = true
	s.mu.Unlock()
	if !told && s.config.OnFallback != nil {
		s.config.OnFallback(&StorageError{Reason: reasonOf(err), Err: err})
	}
}

// Set keeps a value, JSON, under a name. The error says that it is kept for this visit
// only.
func (s *Store) Set(ctx context.Context, name string, value []byte) error {
	return s.set(ctx, name, string(value))
}

func (s *Store) set(ctx context.Context, name string, value any) error {
	err := s.try(ctx, func(ctx context.Context, db *database) error { return db.set(ctx, name, value) })
	if err != nil {
		s.memory.set(name, value)
		return err
	}
	s.memory.unset(name)
	return nil
}

// Get returns the value of a name, nil when there is none.
func (s *Store) Get(ctx context.Context, name string) []byte {
	if text, ok := s.get(ctx, name).(string); ok {
		return []byte(text)
	}
	return nil
}

func (s *Store) get(ctx context.Context, name string) (value any) {
	if value = s.memory.get(name); value != nil {
		return value
	}
	_ = s.try(ctx, func(ctx context.Context, db *database) (err error) {
		value, err = db.get(ctx, name)
		return err
	})
	return value
}

// Unset forgets the value of a name. The error says that the database may still have it.
func (s *Store) Unset(ctx context.Context, name string) error {
	s.memory.unset(name)
	err := s.try(ctx, func(ctx context.Context, db *database) error { return db.unset(ctx, name) })
	if errors.Is(err, errNone) {
		return nil
	}
	return err
}

// folded is a text as it is searched: case does not matter.
func folded(text string) string { return strings.ToLower(text) }
