package message

import (
	"strconv"
	"time"
)

// The times of RFC 3994 §3.2 and §3.3.
const (
	// ComposingIdle is how long nothing is typed until one counts as idle.
	ComposingIdle = 15 * time.Second
	// ComposingRefresh is how long "active" holds when the sender names no time, and
	// after how long this side says it again.
	ComposingRefresh = 120 * time.Second
)

// maxRefresh bounds how long others may keep "active" standing.
const maxRefresh = 10 * time.Minute

// Composing says whether somebody is typing.
type Composing struct {
	Active bool
	// Refresh is how long Active holds unless said again.
	Refresh time.Duration
}

// Compose is the body that says whether this side is typing.
func Compose(active bool) (contentType string, body []byte) {
	state := "idle"
	if active {
		state = "active"
	}
	x := `<?xml version="1.0" encoding="UTF-8"?>` + "\r\n" +
		`<isComposing xmlns="urn:ietf:params:xml:ns:im-iscomposing"><state>` + state + `</state><contenttype>` + typePlain + `</contenttype>`
	if active {
		x += `<refresh>` + strconv.Itoa(int(ComposingRefresh/time.Second)) + `</refresh>`
	}
	return typeComposing, []byte(x + `</isComposing>`)
}

// parseComposing reads what Compose writes (RFC 3994 §5). Every state but "active" is
// idle (§3.4).
func parseComposing(body []byte) (*Composing, error) {
	elements, err := scan(body)
	if err != nil || elements[0].Name != "isComposing" {
		return nil, errBody
	}
	c := &Composing{Refresh: ComposingRefresh}
	for _, e := range elements[1:] {
		switch e.Name {
		case "state":
			c.Active = e.Text == "active"
		case "refresh":
			if n, err := strconv.ParseUint(e.Text, 10, 16); err == nil && n > 0 {
				c.Refresh = min(time.Duration(n)*time.Second, maxRefresh)
			}
		}
	}
	return c, nil
}
