//go:build !js

package sample

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver
)

// schema makes what is not there yet. search is what the words of a query are looked for
// in, sort what a list is ordered by; reach tells whose a number or SIP address is.
const schema = `
CREATE TABLE IF NOT EXISTS accounts (
	id INTEGER PRIMARY KEY, name TEXT NOT NULL, industry TEXT NOT NULL, city TEXT NOT NULL, country TEXT NOT NULL,
	phone TEXT NOT NULL, web TEXT NOT NULL, search TEXT NOT NULL, sort TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS contacts (
	id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES accounts, name TEXT NOT NULL, title TEXT NOT NULL,
	email TEXT NOT NULL, phone TEXT NOT NULL, mobile TEXT NOT NULL, sip TEXT NOT NULL, notes TEXT NOT NULL,
	search TEXT NOT NULL, sort TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS reach (key TEXT NOT NULL, account INTEGER NOT NULL REFERENCES accounts, contact INTEGER REFERENCES contacts);
CREATE TABLE IF NOT EXISTS calls (
	id TEXT PRIMARY KEY, account INTEGER REFERENCES accounts, contact INTEGER REFERENCES contacts,
	direction TEXT NOT NULL, uri TEXT NOT NULL, name TEXT NOT NULL, started INTEGER NOT NULL, answered INTEGER, ended INTEGER,
	duration REAL NOT NULL, mos REAL, cause TEXT NOT NULL, note TEXT NOT NULL, search TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS accounts_sort ON accounts (sort);
CREATE INDEX IF NOT EXISTS contacts_sort ON contacts (sort);
CREATE INDEX IF NOT EXISTS contacts_account ON contacts (account);
CREATE INDEX IF NOT EXISTS reach_key ON reach (key);
CREATE INDEX IF NOT EXISTS calls_started ON calls (started);
`

// hasWords is true for rows in whose column search all words of ?1 are.
const hasWords = ` NOT EXISTS (SELECT 1 FROM json_each(?1) WHERE instr(t.search, value) = 0) `

// queries are the statements that are prepared, in the order of the fields of database.
const (
	accountColumns = `SELECT t.id, t.name, t.industry, t.city, t.country, t.phone, t.web FROM accounts t `
	contactColumns = `SELECT t.id, t.name, t.title, t.email, t.phone, t.mobile, t.sip, t.notes, a.id, a.name FROM contacts t JOIN accounts a ON a.id = t.account `
	callColumns    = `SELECT t.id, t.direction, t.uri, t.name, t.started, t.answered, t.ended, t.duration, t.mos, t.cause, t.note,
		a.id, a.name, c.id, c.name FROM calls t LEFT JOIN accounts a ON a.id = t.account LEFT JOIN contacts c ON c.id = t.contact `

	aPage       = ` LIMIT ?2 OFFSET ?3`
	bySort      = ` ORDER BY t.sort, t.id `
	latestFirst = ` ORDER BY t.started DESC, t.id `
	latest      = latestFirst + ` LIMIT 50`
)

// database is the ERP's. Its methods may be called from any goroutine.
type database struct {
	sql *sql.DB

	accounts, countAccounts, accountByID            *sql.Stmt
	contacts, countContacts, contactByID, inAccount *sql.Stmt
	calls, countCalls, ofAccount, ofContact         *sql.Stmt
	reached, putCall                                *sql.Stmt
}

// open opens the database in the file, or one in memory when there is no file, and fills
// it when it is empty.
func open(ctx context.Context, file, domain string) (*database, error) {
	db, err := sql.Open("sqlite", source(file))
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	db.SetMaxOpenConns(1) // one in memory is that of its connection
	d := &database{sql: db}
	if err := d.prepare(ctx, domain); err != nil {
		return nil, errors.Join(fmt.Errorf("database %s: %w", file, err), d.close())
	}
	return d, nil
}

// source is the address of a file as the driver wants it.
func source(file string) string {
	if file == "" {
		return ":memory:"
	}
	address := url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(file)}).EscapedPath()}
	address.RawQuery = url.Values{"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "foreign_keys(1)"}}.Encode()
	return address.String()
}

func (d *database) prepare(ctx context.Context, domain string) error {
	if _, err := d.sql.ExecContext(ctx, schema); err != nil {
		return err
	}
	if err := d.fill(ctx, domain); err != nil {
		return err
	}
	for statement, query := range map[**sql.Stmt]string{
		&d.accounts:      accountColumns + `WHERE` + hasWords + bySort + aPage,
		&d.countAccounts: `SELECT count(*) FROM accounts t WHERE` + hasWords,
		&d.accountByID:   accountColumns + `WHERE t.id = ?1`,
		&d.contacts:      contactColumns + `WHERE` + hasWords + bySort + aPage,
		&d.countContacts: `SELECT count(*) FROM contacts t WHERE` + hasWords,
		&d.contactByID:   contactColumns + `WHERE t.id = ?1`,
		&d.inAccount:     contactColumns + `WHERE t.account = ?1` + bySort,
		&d.calls:         callColumns + `WHERE` + hasWords + latestFirst + aPage,
		&d.countCalls:    `SELECT count(*) FROM calls t WHERE` + hasWords,
		&d.ofAccount:     callColumns + `WHERE t.account = ?1` + latest,
		&d.ofContact:     callColumns + `WHERE t.contact = ?1` + latest,
		&d.reached:       `SELECT account, contact FROM reach WHERE key = ?1 ORDER BY contact IS NULL, contact, account LIMIT 1`,
		&d.putCall: `INSERT INTO calls (id, account, contact, direction, uri, name, started, answered, ended, duration, mos, cause, note, search)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET ended = excluded.ended, duration = excluded.duration, mos = excluded.mos,
				cause = excluded.cause, note = excluded.note, search = excluded.search`,
	} {
		var err error
		if *statement, err = d.sql.PrepareContext(ctx, query); err != nil {
			return fmt.Errorf("%s: %w", query, err)
		}
	}
	return nil
}

// close closes the statements too.
func (d *database) close() error { return d.sql.Close() }

// rows reads all rows of a query.
func rows[T any](ctx context.Context, query *sql.Stmt, scan func(func(...any) error) (T, error), args ...any) ([]T, error) {
	found, err := query.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	all := []T{}
	for found.Next() {
		row, err := scan(found.Scan)
		if err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, found.Err()
}

// aPageOf reads a page of the rows that have all the words, and counts them.
func aPageOf[T any](ctx context.Context, query, count *sql.Stmt, scan func(func(...any) error) (T, error), words string, offset int) ([]T, int, error) {
	var total int
	if err := count.QueryRowContext(ctx, words).Scan(&total); err != nil {
		return nil, 0, err
	}
	all, err := rows(ctx, query, scan, words, rowsPerPage, offset)
	return all, total, err
}
