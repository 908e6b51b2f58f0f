// Package store is what the phone remembers: in the page a database of the browser
// (IndexedDB), natively memory.
//
// There are three tables of [Record], which differ in name alone ([Store.Calls],
// [Store.Messages], [Store.Chats]): a record belongs to an account and to a peer, has a
// time, and carries JSON that only the caller understands. Beside them are single values
// by name. Nothing is read as a whole: records come newest first and in pages, and a
// search goes through them in batches, so that the page stays awake.
//
// A browser may remember nothing: its storage is forbidden, full, or held by another
// version of the phone. What could not be written is then kept in memory and is found by
// reading as everything else is; the first such failure is told, once.
//
// Several tabs share the database. A record is written by itself, and [Table.Update]
// reads and writes in one transaction: so no tab undoes what another wrote.
//
// Everything may be called from any goroutine and waits for the browser, so never in one
// of its callbacks, nor on a loop that something else waits for. A context that ends
// lets the caller go on; what was begun may still be done.
//
// Left out here: what the records mean.
package store
