package subscribe

import (
	"errors"
	"slices"
	"strconv"

	"gocommunicator/sipcore"
)

// The event package of conferences and its content type (RFC 4575 §3).
const (
	ConferenceEvent = "conference"
	ConferenceType  = "application/conference-info+xml"
)

// ErrPart says that a document is about a change of something that is not known: the
// whole has to be asked for (RFC 4575 §4.6).
var ErrPart = errors.New("a change of what is not known")

// Limits of what is read of a conference.
const (
	maxElements = 20_000
	maxUsers    = 500
)

// User is somebody in a conference.
type User struct {
	URI    string // foreign text
	Name   string // foreign text, may be empty
	Status string // "connected", "on-hold", "dialing-out", …; may be empty
}

// Conference is what its focus has told of it. The zero value knows nothing.
type Conference struct {
	known   bool
	version uint64
	users   []*user
}

type user struct {
	User
	endpoints []endpoint
}

type endpoint struct{ entity, status string }

// Users are those in it who have not left, in the order in which the focus names them.
func (c *Conference) Users() []User {
	var present []User
	for _, u := range c.users {
		left := len(u.endpoints) > 0
		u.Status = ""
		for _, e := range u.endpoints {
			left = left && e.status == "disconnected"
			if u.Status == "" || u.Status == "disconnected" || e.status == "connected" {
				u.Status = e.status
			}
		}
		if !left {
			present = append(present, u.User)
		}
	}
	return present
}

// Apply takes a document, whole or about a change, in. One that is older than what is
// known changes nothing. The error is sipcore.ErrBody or ErrPart, and nothing has changed
// then.
func (c *Conference) Apply(body []byte) error {
	elements, err := sipcore.ScanXML(body, maxElements)
	if err != nil {
		return err
	}
	root := elements[0]
	version, err := strconv.ParseUint(root.Attribute("version"), 10, 32)
	if root.Name != "conference-info" || err != nil && root.Attribute("version") != "" {
		return sipcore.ErrBody
	}
	switch root.Attribute("state") {
	case "deleted":
		*c = Conference{}
		return nil
	case "partial":
		if c.known && version <= c.version {
			return nil
		}
		if !c.known || version != c.version+1 {
			return ErrPart
		}
	default:
		if c.known && version < c.version {
			return nil
		}
		c.users = nil
	}
	c.known, c.version = true, version
	c.read(elements[1:])
	return nil
}

func (c *Conference) read(elements []sipcore.Element) {
	section := ""
	var u *user
	var status *string
	for _, e := range elements {
		switch {
		case e.Depth == 1:
			section, u = e.Name, nil
			if section == "users" && e.Attribute("state") != "partial" {
				c.users = nil
			}
		case section != "users":
		case e.Depth == 2:
			u, status = nil, nil
			if e.Name == "user" {
				u = c.user(e)
			}
		case u == nil:
		case e.Depth == 3:
			status = nil
			switch e.Name {
			case "display-text":
				u.Name = e.Text
			case "endpoint":
				status = u.endpoint(e)
			}
		case e.Depth == 4 && e.Name == "status" && status != nil:
			*status = e.Text
		}
	}
}

// user is the one that an element is about, made anew when it is told whole; nil for one
// that is deleted, has no name, or is one too many.
func (c *Conference) user(e sipcore.Element) *user {
	uri, state := e.Attribute("entity"), e.Attribute("state")
	i := slices.IndexFunc(c.users, func(u *user) bool { return u.URI == uri })
	switch {
	case state == "deleted":
		c.users = slices.DeleteFunc(c.users, func(u *user) bool { return u.URI == uri })
		return nil
	case i >= 0 && state == "partial":
		return c.users[i]
	case i >= 0:
		c.users[i] = &user{User: User{URI: uri}}
		return c.users[i]
	case uri == "", len(c.users) == maxUsers:
		return nil
	}
	u := &user{User: User{URI: uri}}
	c.users = append(c.users, u)
	return u
}

// maxEndpoints is more phones than anybody takes part with.
const maxEndpoints = 16

// endpoint is where the status of one of a user's phones stands.
func (u *user) endpoint(e sipcore.Element) (status *string) {
	entity := e.Attribute("entity")
	i := slices.IndexFunc(u.endpoints, func(o endpoint) bool { return o.entity == entity })
	switch {
	case e.Attribute("state") == "deleted":
		u.endpoints = slices.DeleteFunc(u.endpoints, func(o endpoint) bool { return o.entity == entity })
		return nil
	case i < 0 && len(u.endpoints) == maxEndpoints:
		return nil
	case i < 0:
		i = len(u.endpoints)
		u.endpoints = append(u.endpoints, endpoint{entity: entity})
	}
	return &u.endpoints[i].status
}
