//go:build !js

package sample

import "context"

// account is a firm that business is done with.
type account struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	Industry string `json:"industry"`
	City     string `json:"city"`
	Country  string `json:"country"`
	Phone    string `json:"phone"`
	Web      string `json:"web"`
}

// accountRecord is an account with all that belongs to it.
type accountRecord struct {
	account
	Contacts []contact `json:"contacts"`
	Calls    []call    `json:"calls"` // the latest 50
}

func scanAccount(scan func(...any) error) (a account, err error) {
	return a, scan(&a.ID, &a.Name, &a.Industry, &a.City, &a.Country, &a.Phone, &a.Web)
}

func (d *database) listAccounts(ctx context.Context, words string, offset int) ([]account, int, error) {
	return aPageOf(ctx, d.accounts, d.countAccounts, scanAccount, words, offset)
}

func (d *database) account(ctx context.Context, id int64) (accountRecord, error) {
	var record accountRecord
	var err error
	if record.account, err = scanAccount(d.accountByID.QueryRowContext(ctx, id).Scan); err != nil {
		return record, err
	}
	if record.Contacts, err = rows(ctx, d.inAccount, scanContact, id); err != nil {
		return record, err
	}
	record.Calls, err = rows(ctx, d.ofAccount, scanCall, id)
	return record, err
}
