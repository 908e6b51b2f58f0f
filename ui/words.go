package ui

import (
	"fmt"
	"maps"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gocommunicator/app/i18n"
	"gocommunicator/app/phone"
)

// texts are the words as components hold them: those of another edition are other
// texts, so that a change of language draws everything anew.
type texts struct {
	*i18n.Localizer
	edition int
}

// named is a text about a peer.
func (t texts) named(key string, p phone.Peer) string {
	return t.T(key, "Name", t.name(p))
}

// name is what a peer is called, also when it says nothing of itself.
func (t texts) name(p phone.Peer) string {
	if p.Anonymous() {
		return t.T("label_anonymous_caller")
	}
	if name := peerName(p); name != "" {
		return name
	}
	return t.T("label_unknown_caller")
}

func (t texts) hint(h Hint) string {
	if name, about := h.Params["Name"]; about && name == "" {
		h.Params = maps.Clone(h.Params)
		h.Params["Name"] = t.T("label_anonymous_caller")
	}
	switch {
	case h.Key == "":
		return ""
	case h.Count > 0:
		return t.N(h.Key, h.Count, h.Params)
	case h.Tail != "":
		return t.T(h.Key, h.Params) + " · " + h.Tail
	}
	return t.T(h.Key, h.Params)
}

// peerName is what a peer is called: by the name it gives itself, else by the user
// part of its address, else by the whole.
func peerName(p phone.Peer) string {
	if p.Anonymous() {
		return "" // what it says of itself is in no language
	}
	if name := printable(p.Name); name != "" {
		return name
	}
	address := peerAddress(p)
	if user, _, ok := strings.Cut(address, "@"); ok && user != "" {
		return user
	}
	return address
}

// peerAddress is the address as a person writes it: without scheme and escapes.
func peerAddress(p phone.Peer) string {
	if p.Anonymous() {
		return ""
	}
	address := p.URI
	for _, scheme := range []string{"sip:", "sips:", "tel:"} {
		address = strings.TrimPrefix(address, scheme)
	}
	// What is escaped to look like another address, or like nothing, stays escaped.
	plain, err := url.PathUnescape(address)
	if err == nil && utf8.ValidString(plain) && plain == printable(plain) &&
		strings.Count(plain, "@") == strings.Count(address, "@") && !strings.ContainsAny(plain, ":;/?<>\"") {
		address = plain
	}
	return printable(address)
}

// maxShown is how many bytes of a name or address are shown: the rest is no name.
const maxShown = 200

// printable drops what has no place in a name: control characters, and those that
// turn the direction of the text around them.
// and it ends what never would.
func printable(s string) string {
	if len(s) > maxShown {
		s = strings.ToValidUTF8(s[:maxShown], "") + "…"
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d' {
			return -1
		}
		return r
	}, s))
}

// initial is the letter in the circle of somebody without a picture.
func initial(p phone.Peer) string {
	for _, r := range peerName(p) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return string(unicode.ToUpper(r))
		}
	}
	return "#"
}

// duration is a length of time as m:ss, or h:mm:ss from an hour.
func duration(d time.Duration) string {
	s := int(max(d, 0) / time.Second)
	if s < 3600 {
		return fmt.Sprintf("%d:%02d", s/60, s%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}

// stateOf names the words for the state of a call that is not over, and who they are about.
func stateOf(c phone.Call) (key string, about phone.Peer) {
	switch t := c.Transfer; {
	case !t.UnderWay():
		return stateKey(c), c.Peer
	case t.State == phone.TransferRinging:
		return "state_transfer_ringing", t.To
	default:
		return "state_transfer_asked", t.To
	}
}

func stateHint(c phone.Call) Hint {
	key, about := stateOf(c)
	return Hint{Key: key, Params: map[string]string{"Name": peerName(about)}}
}

// stateKey names the words for the state of a call that is not over.
func stateKey(c phone.Call) string {
	switch c.State {
	case phone.Trying:
		return "state_call_trying"
	case phone.Ringing:
		return "state_call_ringing"
	case phone.Early:
		return "state_call_early"
	case phone.Incoming:
		if c.RemoteVideo {
			return "state_call_incoming_video"
		}
		return "state_call_incoming"
	case phone.Connecting:
		return "state_call_connecting"
	case phone.Held:
		if c.LocalHold {
			return "state_call_held"
		}
		return "state_call_held_remote"
	case phone.Active, phone.Ended, phone.Failed:
	}
	return "state_call_active"
}

// registrationKey names the words for the state of a registration, or for why it
// failed.
func registrationKey(r phone.Registration) string {
	switch r.State {
	case phone.RegistrationFailed:
		return r.Explain().Code
	case phone.Registering:
		return "state_registration_registering"
	case phone.Registered:
		return "state_registration_registered"
	case phone.Unregistered:
	}
	return "state_registration_unregistered"
}

// outcome says how a call ended.
func outcome(c phone.Call) Hint {
	params := map[string]string{"Name": peerName(c.Peer)}
	code := 0
	if c.Cause != nil {
		code = c.Cause.Code
	}
	switch {
	case c.Transfer != nil && c.Transfer.State == phone.TransferDone:
		return Hint{Key: "state_transfer_done", Params: map[string]string{"Name": peerName(c.Transfer.To), "Peer": peerName(c.Peer)}}
	case !c.Answered.IsZero():
		key, lost := "cause_ended", c.State == phone.Failed
		if lost {
			key = "cause_lost"
		}
		return Hint{Key: key, Params: params, Tail: duration(c.Ended.Sub(c.Answered)), Bad: lost}
	case c.Direction == phone.In:
		return Hint{Key: outcomeIn(c, code), Params: params}
	case c.State == phone.Failed && code == 0:
		return Hint{Key: "cause_failed", Params: params, Bad: true}
	case c.State == phone.Ended && code == 0:
		return Hint{Key: "cause_cancelled", Params: params}
	}
	key := i18n.CauseKey(code)
	return Hint{Key: key, Params: params, Bad: key != "cause_cancelled"}
}

// outcomeIn is what came of a call that nobody answered here.
func outcomeIn(c phone.Call, code int) string {
	switch {
	case code == 200:
		return "cause_elsewhere"
	case c.Missed():
		return "cause_missed"
	}
	return "cause_ended"
}
