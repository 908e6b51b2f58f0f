package phone

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"

	"gocommunicator/app/bus"
)

// Contact is who somebody is by the records of the page around the phone, or of a server
// that the settings name. All of it is foreign text.
type Contact struct {
	Name   string         `json:"name"`
	Photo  string         `json:"photo"` // https:, http: or data:image/
	URL    string         `json:"url"`   // of the record: https: or http:
	Notes  string         `json:"notes"`
	Fields []ContactField `json:"fields"`
	// Failed: the server of the settings could not be asked. Nothing else is set.
	Failed bool `json:"-"`
}

// ContactField is a line of a record.
type ContactField struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// What is told of contacts comes as pointers over the bus, to what nobody changes.

// ContactWanted asks the page around the phone who the other side of a call is. Number is
// as it is reached from everywhere, `+4930123456`, as far as that is known; empty where the
// address has none.
type ContactWanted struct{ CallID, URI, Number string }

// ContactFailed says that the server of the settings could not tell.
type ContactFailed struct{ CallID string }

// ContactOpened says that the person looks at the record of somebody.
type ContactOpened struct{ CallID, URL string }

// Bounds of a Contact, in characters.
const (
	maxContactName   = 200
	maxContactText   = 2000
	maxContactFields = 12
	maxContactURL    = 2000
	maxContactPhoto  = 50_000
)

// ErrContactAddress says that an address in a record is none of the web. It was left out.
var ErrContactAddress = errors.New("an address in the record is not of the web")

// bounded is a record with what may be shown of it. The error is ErrContactAddress.
func (c Contact) bounded() (Contact, error) {
	var err error
	web := func(address string) bool {
		u, parse := url.Parse(address)
		return parse == nil && len(address) <= maxContactURL && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http")
	}
	if c.URL = strings.TrimSpace(c.URL); c.URL != "" && !web(c.URL) {
		c.URL, err = "", ErrContactAddress
	}
	picture := strings.HasPrefix(c.Photo, "data:image/") && len(c.Photo) <= maxContactPhoto
	if c.Photo = strings.TrimSpace(c.Photo); c.Photo != "" && !picture && !web(c.Photo) {
		c.Photo, err = "", ErrContactAddress
	}
	c.Name, c.Notes = shortened(c.Name, maxContactName), shortened(c.Notes, maxContactText)
	var fields []ContactField
	for _, f := range c.Fields[:min(len(c.Fields), maxContactFields)] {
		f = ContactField{shortened(f.Label, maxContactName), shortened(f.Value, maxContactText)}
		if f.Value != "" {
			fields = append(fields, f)
		}
	}
	c.Fields = fields
	return c, err
}

// shortened is a text without what surrounds it, and with an end.
func shortened(s string, most int) string {
	runes := []rune(strings.ToValidUTF8(strings.TrimSpace(s), ""))
	if len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return string(runes)
}

// Found says who the other side of a call is, which may be over. It takes the place of what
// a server said. The error is ErrContactAddress when only a part of it could be taken, else
// ErrNoCall or ErrWhichCall.
func (p *Phone) Found(id string, c Contact) error {
	id, err := p.liveOrPast(id)
	if err != nil {
		return err
	}
	c, err = c.bounded()
	p.loop.Post(func() { p.found(id, c) })
	return err
}

// found notes who the other side of a call is. Loop.
func (p *Phone) found(id string, c Contact) {
	if live := p.live[id]; live != nil {
		live.contact = &c
		p.callChanged(live.Session)
		return
	}
	if past := p.pastCall(id); past != nil {
		p.changePast(past, func(past *Call) {
			past.Contact = &c
			if c.Name != "" {
				past.Peer.Name = c.Name
			}
		})
	}
}

// name gives a call the name that was found, and what was noted about it. Loop.
func (live *liveCall) name(c *Call) {
	c.Note = live.note
	if c.Contact = live.contact; c.Contact != nil && c.Contact.Name != "" {
		c.Peer.Name = c.Contact.Name
	}
}

// lookUp asks who the other side of a call is: the page around the phone, and the server of
// the settings if there is one. Loop.
func (p *Phone) lookUp(c Call) {
	scheme, address, _ := strings.Cut(c.Peer.URI, ":")
	if c.Peer.Anonymous() || scheme == "urn" {
		return
	}
	user, _, _ := strings.Cut(address, "@")
	if plain, err := url.PathUnescape(user); err == nil {
		user = plain
	}
	wanted := ContactWanted{c.ID, c.Peer.URI, p.numbering().Caller(user)}
	bus.Publish(p.deps.Bus, &wanted)
	contacts := p.settings().Contacts
	asked := contacts.LookupURL
	if asked == "" || p.deps.Fetch == nil || wanted.Number == "" && strings.Contains(asked, "{number}") && !strings.Contains(asked, "{uri}") {
		return
	}
	asked = strings.NewReplacer(
		"{number}", url.QueryEscape(wanted.Number), "{uri}", url.QueryEscape(wanted.URI), "{id}", url.QueryEscape(wanted.CallID),
	).Replace(asked)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), contacts.LookupTimeout)
		defer cancel()
		found, err := p.askContact(ctx, asked)
		p.loop.Post(func() {
			live := p.live[c.ID]
			past := p.pastCall(c.ID)
			switch {
			case live != nil && live.contact != nil, past != nil && past.Contact != nil: // the page was quicker, and knows better
			case err != nil:
				p.log.Info("looking up a contact", "err", err)
				bus.Publish(p.deps.Bus, &ContactFailed{c.ID})
				if live != nil {
					p.found(c.ID, Contact{Failed: true})
				}
			case found.Name != "" || found.URL != "" || found.Notes != "" || found.Photo != "" || len(found.Fields) > 0:
				p.found(c.ID, found)
			}
		})
	}()
}

// askContact asks a server. It gives the zero Contact when that knows nobody.
func (p *Phone) askContact(ctx context.Context, address string) (found Contact, err error) {
	data, err := p.deps.Fetch(ctx, "GET", address)
	switch {
	case err != nil && strings.HasSuffix(err.Error(), " 404"): // as it ends in the page and natively
		return found, nil
	case err != nil:
		return found, err
	case len(data) == 0:
		return found, nil
	}
	if err := json.Unmarshal(data, &found); err != nil {
		return Contact{}, err
	}
	found, _ = found.bounded() // with what is good of it
	return found, nil
}

// OpenContact says that the person looks at the record of the other side of a call.
func (p *Phone) OpenContact(id, address string) { bus.Publish(p.deps.Bus, &ContactOpened{id, address}) }
