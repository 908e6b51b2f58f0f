//go:build !js

package sample

import "context"

// contact is somebody who works at an account.
type contact struct {
	ID      int64  `json:"id"`
	Name    string `json:"name"`
	Title   string `json:"title"`
	Email   string `json:"email"`
	Phone   string `json:"phone"`
	Mobile  string `json:"mobile"`
	SIP     string `json:"sip"` // user@host, or empty
	Notes   string `json:"notes"`
	Account link   `json:"account"`
}

// link names another record.
type link struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// contactRecord is a contact with the calls.
type contactRecord struct {
	contact
	Calls []call `json:"calls"` // the latest 50
}

func scanContact(scan func(...any) error) (c contact, err error) {
	return c, scan(&c.ID, &c.Name, &c.Title, &c.Email, &c.Phone, &c.Mobile, &c.SIP, &c.Notes, &c.Account.ID, &c.Account.Name)
}

func (d *database) listContacts(ctx context.Context, words string, offset int) ([]contact, int, error) {
	return aPageOf(ctx, d.contacts, d.countContacts, scanContact, words, offset)
}

func (d *database) contact(ctx context.Context, id int64) (contactRecord, error) {
	var record contactRecord
	var err error
	if record.contact, err = scanContact(d.contactByID.QueryRowContext(ctx, id).Scan); err != nil {
		return record, err
	}
	record.Calls, err = rows(ctx, d.ofContact, scanCall, id)
	return record, err
}
