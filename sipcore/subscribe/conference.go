package subscribe

import (
	"errors"
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
	gone      bool
	endpoints map[string]string // status of each
}

// Users are those in it who have not left, in the order in which the focus names them.
func (c *Conference) Users() []User {
	var present []User
	for _, u := range c.users {
		left := len(u.endpoints) > 0
		u.Status = ""
		for _, status := range u.endpoints {
			left = left && status == "disconnected"
			if u.Status != "connected" && (u.Status < status || status == "connected") {
				u.Status = status // of several the same one each time
			}
		}
		if !left && !u.gone {
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
	section, endpoint := "", ""
	var u *user
	for _, e := range elements {
		switch {
		case e.Depth == 1:
			section, u = e.Name, nil
			if section == "users" && e.Attribute("state") != "partial" {
				c.users = nil
			}
		case section != "users":
		case e.Depth == 2:
			u = nil
			if uri := e.Attribute("entity"); e.Name == "user" && uri != "" {
				u = c.user(uri, e.Attribute("state"))
			}
		case u == nil:
		case e.Depth == 3 && e.Name == "display-text":
			u.Name = e.Text
		case e.Depth == 3:
			endpoint = ""
			if e.Name != "endpoint" {
				continue
			}
			endpoint = e.Attribute("entity")
			switch _, known := u.endpoints[endpoint]; {
			case e.Attribute("state") == "deleted":
				delete(u.endpoints, endpoint)
				endpoint = ""
			case !known && len(u.endpoints) == maxEndpoints:
				endpoint = ""
			case !known:
				u.endpoints[endpoint] = ""
			}
		case e.Depth == 4 && e.Name == "status" && endpoint != "":
			u.endpoints[endpoint] = e.Text
		}
	}
}

// maxEndpoints is more phones than anybody takes part with.
const maxEndpoints = 16

// user is the one that is told of, made anew when it is told whole; nil for one too many.
func (c *Conference) user(uri, state string) *user {
	fresh := user{User: User{URI: uri}, gone: state == "deleted", endpoints: map[string]string{}}
	for _, u := range c.users {
		if u.URI == uri {
			if state != "partial" {
				*u = fresh
			}
			return u
		}
	}
	if len(c.users) == maxUsers { // those who have left make room
		var stay []*user
		for _, u := range c.users {
			if !u.gone {
				stay = append(stay, u)
			}
		}
		c.users = stay
	}
	if len(c.users) == maxUsers {
		return nil
	}
	c.users = append(c.users, &fresh)
	return &fresh
}
