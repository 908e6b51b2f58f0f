//go:build !js

package sample

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"net/http"
	"net/url"
	"strconv"
)

// found is who somebody is, as jsc/contact/found wants it but for the id.
type found struct {
	Name   string  `json:"name"`
	URL    string  `json:"url"` // of the record's page
	Notes  string  `json:"notes,omitempty"`
	Fields []field `json:"fields"`
}

type field struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// owner is whose a number or an address is.
type owner struct {
	account, contact sql.NullInt64
	name             string // of both
}

// lookup tells the phone who ?number= or ?uri= is; nobody's gets {}.
func (s *Server) lookup(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", s.origin())
	w.Header().Set("Vary", "Origin")
	query := r.URL.Query()
	for _, address := range []string{query.Get("uri"), query.Get("number")} {
		who, err := s.db.find(r.Context(), address)
		switch {
		case err != nil:
			fail(w, err)
			return
		case who != nil:
			who.URL = "http://" + r.Host + who.URL
			answer(w, who)
			return
		}
	}
	answer(w, struct{}{})
}

// find gives who is reached at an address, nil for nobody. The URL is a path.
func (d *database) find(ctx context.Context, address string) (*found, error) {
	with, err := d.whose(ctx, address)
	switch {
	case err != nil || !with.account.Valid:
		return nil, err
	case !with.contact.Valid:
		a, err := d.account(ctx, with.account.Int64)
		if err != nil {
			return nil, err
		}
		return &found{Name: a.Name, URL: recordPath("account", a.ID), Fields: []field{{"City", a.City}, {"Industry", a.Industry}}}, nil
	}
	c, err := d.contact(ctx, with.contact.Int64)
	if err != nil {
		return nil, err
	}
	fields := []field{{"Account", c.Account.Name}, {"Title", c.Title}}
	for _, last := range c.Calls[:min(1, len(c.Calls))] {
		fields = append(fields, field{"Last note", cmp.Or(last.Note, "–")})
	}
	return &found{Name: c.Name, URL: recordPath("contact", c.ID), Notes: c.Notes, Fields: fields}, nil
}

// whose gives the owner of an address; one with nothing in it for nobody's.
func (d *database) whose(ctx context.Context, address string) (owner, error) {
	var o owner
	key := reachKey(address)
	if key == "" {
		return o, nil
	}
	switch err := d.reached.QueryRowContext(ctx, key).Scan(&o.account, &o.contact); {
	case errors.Is(err, sql.ErrNoRows):
		return o, nil
	case err != nil:
		return o, err
	}
	a, err := scanAccount(d.accountByID.QueryRowContext(ctx, o.account).Scan)
	if err != nil {
		return o, err
	}
	o.name = a.Name
	if o.contact.Valid {
		c, err := scanContact(d.contactByID.QueryRowContext(ctx, o.contact).Scan)
		if err != nil {
			return o, err
		}
		o.name += " " + c.Name
	}
	return o, nil
}

// recordPath is the path of a record's page.
func recordPath(kind string, id int64) string {
	return (&url.URL{Path: "/" + kind + ".html", RawQuery: "id=" + strconv.FormatInt(id, 10)}).String()
}
