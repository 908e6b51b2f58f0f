//go:build !js

// Package sample is a small ERP that has the phone in its pages: accounts, contacts and
// calls, kept in SQLite. It shows how the phone is put into an application of one's own,
// and lets that be tried and tested; it is no product, and listens on loopback only.
//
// # What it serves
//
//	GET  /…                   web/samples/erp, in which {{phone}} stands for the phone's address
//	GET  /api/accounts?q=&page=   accounts whose data has all words of q, a page of them
//	GET  /api/accounts/{id}       one, with its contacts and calls
//	GET  /api/contacts?q=&page=   the same of contacts
//	GET  /api/contacts/{id}
//	GET  /api/calls?q=&page=      calls, the latest first
//	PUT  /api/calls/{id}          a call, as jsc/call/summary tells it; once more when its note has changed
//	GET  /api/lookup?number=&uri= who that is, as jsc/contact/found wants it
//
// All but the pages is JSON. The phone is of another origin and may read /api/lookup, which
// so serves as its contacts.lookup_url; everything else is for the pages of this origin.
package sample
