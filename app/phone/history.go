package phone

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"gocommunicator/app/bus"
	"gocommunicator/app/store"
)

// Bounds of the history: how many calls of an account are kept, and how many are read
// at a time.
const (
	maxHistory  = 10_000
	historyPage = 200
)

// History is the calls of the account that were. It is sticky on the bus.
type History struct {
	Calls  []Call // newest first, as far as they have been read; nobody changes them
	More   bool   // older ones are read by MoreHistory
	Search string // what Calls were searched for; empty when they are all
	Missed int    // calls missed that nobody has looked at
}

// Missed tells a call that nobody answered from one answered elsewhere (RFC 3326 has 200
// as the reason of its CANCEL) and one turned down here.
func (c Call) Missed() bool {
	if c.Direction != In || !c.State.Final() || !c.Answered.IsZero() {
		return false
	}
	if c.Cause == nil {
		return true
	}
	switch c.Cause.Code {
	case 200, 302, 433, 480, 486, 600, 603:
		return false
	}
	return true
}

// history is what keeps the calls of the account. It belongs to the keeper.
type history struct {
	phone   *Phone
	account string
	shown   History
	seen    time.Time // calls that ended until then have been looked at
}

// historyEntry is a call as it is kept, and written by ExportHistory.
type historyEntry struct {
	ID        string    `json:"id"`
	Direction Direction `json:"direction"`
	URI       string    `json:"uri"`
	Name      string    `json:"name,omitempty"`
	Video     bool      `json:"video,omitempty"`
	State     CallState `json:"state"`
	Missed    bool      `json:"missed,omitempty"`
	Started   time.Time `json:"started"`
	Answered  time.Time `json:"answered,omitzero"`
	Ended     time.Time `json:"ended"`
	Cause     *Cause    `json:"cause,omitempty"`
	Quality   *Summary  `json:"quality,omitempty"`
	Record    string    `json:"record,omitempty"` // the address of who it was in somebody's records
	Note      string    `json:"note,omitempty"`
}

func (e historyEntry) call() Call {
	c := Call{
		ID: e.ID, Direction: e.Direction, Peer: Peer{URI: e.URI, Name: e.Name}, Video: e.Video, State: e.State,
		Started: e.Started, Answered: e.Answered, Ended: e.Ended, Cause: e.Cause,
		Quality: e.Quality, Note: e.Note,
	}
	if e.Record != "" {
		c.Contact = &Contact{Name: e.Name, URL: e.Record}
	}
	return c
}

func recordOf(account string, c Call) store.Record {
	record := ""
	if c.Contact != nil {
		record = c.Contact.URL
	}
	data, err := json.Marshal(historyEntry{
		ID: c.ID, Direction: c.Direction, URI: c.Peer.URI, Name: c.Peer.Name, Video: c.Video, State: c.State,
		Missed: c.Missed(), Started: c.Started.UTC(), Answered: c.Answered.UTC(), Ended: c.Ended.UTC(), Cause: c.Cause,
		Quality: c.Quality, Record: record, Note: c.Note,
	})
	if err != nil {
		data = nil // a year that no clock shows: there is nothing else to fail
	}
	// What is searched is what is seen: the scheme is not.
	_, address, _ := strings.Cut(c.Peer.URI, ":")
	return store.Record{
		Account: account, ID: c.ID, Peer: c.Peer.URI, Time: c.Ended, Text: c.Peer.Name + "\n" + address + "\n" + c.Note, Data: data,
	}
}

func (h *history) table() *store.Table { return h.phone.deps.Store.Calls }

// of shows the history of another account, or nobody's when it is empty.
func (h *history) of(account string) {
	if h.account == account {
		return
	}
	h.account, h.shown, h.seen = account, History{}, time.Time{}
	if account != "" {
		// The store has bounds of its own.
		_ = json.Unmarshal(h.phone.deps.Store.Get(context.Background(), h.seenKey()), &h.seen)
		h.read("")
		h.count()
	}
	h.publish()
}

func (h *history) seenKey() string { return "history_seen " + h.account }

func (h *history) publish() { bus.Publish(h.phone.deps.Bus, h.shown) }

// page reads the calls after those given, and tells whether there may be more.
func (h *history) page(search string, before []Call) (calls []Call, more bool) {
	q := store.Query{Account: h.account, Limit: historyPage, Search: search}
	if n := len(before); n > 0 {
		q.After = &store.Record{Account: h.account, ID: before[n-1].ID, Time: before[n-1].Ended}
	}
	records := h.table().Read(context.Background(), q)
	for _, r := range records {
		var e historyEntry
		if json.Unmarshal(r.Data, &e) == nil {
			calls = append(calls, e.call())
		}
	}
	return calls, len(records) == historyPage
}

func (h *history) read(search string) {
	h.shown.Search = search
	h.shown.Calls, h.shown.More = h.page(search, nil)
}

// count finds the missed calls that nobody has looked at, of which there are few.
func (h *history) count() {
	calls, more := h.shown.Calls, h.shown.More
	for h.shown.Missed = 0; ; calls, more = h.page("", calls) {
		for _, c := range calls {
			if h.unseen(c) {
				h.shown.Missed++
			}
		}
		if n := len(calls); !more || n == 0 || !calls[n-1].Ended.After(h.seen) {
			return
		}
	}
}

func (h *history) unseen(c Call) bool { return c.Missed() && c.Ended.After(h.seen) }

// add keeps a call that is over, of whichever account.
func (h *history) add(account string, c Call) {
	ctx := context.Background()
	h.table().Put(ctx, recordOf(account, c))
	h.table().Trim(ctx, account, maxHistory)
	if account != h.account {
		return
	}
	if h.unseen(c) {
		h.shown.Missed++
	}
	if h.shown.Search != "" {
		h.read(h.shown.Search)
	} else {
		h.shown.Calls = slices.Insert(slices.Clone(h.shown.Calls), 0, c)
	}
	h.publish()
}

func (h *history) remove(id string) {
	i := slices.IndexFunc(h.shown.Calls, func(c Call) bool { return c.ID == id })
	if i < 0 {
		return
	}
	h.table().Delete(context.Background(), h.account, id)
	if h.unseen(h.shown.Calls[i]) {
		h.shown.Missed--
	}
	h.shown.Calls = slices.Delete(slices.Clone(h.shown.Calls), i, i+1)
	h.publish()
}

func (h *history) clear() {
	h.table().Clear(context.Background(), h.account, "")
	h.shown = History{}
	h.publish()
}

func (h *history) look() {
	if h.shown.Missed == 0 || h.account == "" {
		return
	}
	h.shown.Missed, h.seen = 0, now()
	h.publish()
	if data, err := json.Marshal(h.seen); err == nil {
		_ = h.phone.deps.Store.Set(context.Background(), h.seenKey(), data) // the store tells
	}
}

// keepCall remembers a call that is over, and publishes the History with it; one that ends
// with the login at once.
func (p *Phone) keepCall(account string, c Call) {
	bus.Publish(p.deps.Bus, &CallOver{c})
	if account == "" {
		return
	}
	if p.Snapshot().Account.AOR != account {
		p.putNow(account, c)
	}
	p.keeper.Post(func() { p.history.add(account, c) })
}

// putNow keeps a call whatever the keeper waits for: the page may be gone before that comes.
func (p *Phone) putNow(account string, c Call) {
	p.urgent.Go(func() { p.history.table().Put(context.Background(), recordOf(account, c)) })
}

// MoreHistory reads older calls; the History with them is published.
func (p *Phone) MoreHistory() {
	p.keeper.Post(func() {
		h := &p.history
		if !h.shown.More {
			return
		}
		older, more := h.page(h.shown.Search, h.shown.Calls)
		h.shown.Calls, h.shown.More = slices.Concat(h.shown.Calls, older), more
		h.publish()
	})
}

// SearchHistory has the History show only calls with whoever has the text in the name
// or address, whatever the case; an empty one shows all. Of several searches asked for
// at once the last is made.
func (p *Phone) SearchHistory(text string) {
	p.mu.Lock()
	p.searched = text
	p.mu.Unlock()
	p.keeper.Post(func() {
		p.mu.Lock()
		latest := p.searched == text
		p.mu.Unlock()
		if latest && p.history.shown.Search != text && p.history.account != "" {
			p.history.read(text)
			p.history.publish()
		}
	})
}

// SeeHistory says that the person has looked at the history: nothing in it counts as
// missed any more.
func (p *Phone) SeeHistory() { p.keeper.Post(p.history.look) }

// DeleteCall takes a call out of the history.
func (p *Phone) DeleteCall(id string) {
	p.dropPast(id)
	p.keeper.Post(func() { p.history.remove(id) })
}

// ClearHistory forgets all calls of the account that were.
func (p *Phone) ClearHistory() {
	p.dropPast("")
	p.keeper.Post(p.history.clear)
}
