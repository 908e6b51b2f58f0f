package message

import (
	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
)

// Formats are what somebody takes beside plain text.
type Formats struct {
	CPIM      bool // message/cpim with notifications (IMDN)
	Composing bool // application/im-iscomposing+xml
}

// Proves is what a message received shows of its sender.
func (c Content) Proves() Formats {
	return Formats{CPIM: c.Wrapped, Composing: c.Composing != nil}
}

// Or is what either shows.
func (f Formats) Or(o Formats) Formats {
	return Formats{CPIM: f.CPIM || o.CPIM, Composing: f.Composing || o.Composing}
}

// Ask asks somebody by OPTIONS (RFC 3261 §11) what it takes. done is called once, on the
// loop; known is false when nobody answered, so that asking again may help.
func Ask(agent sipcore.Agent, peer sipcore.Address, done func(f Formats, known bool)) {
	req := agent.NewRequest(sip.OPTIONS, peer.URI)
	agent.Request(sipcore.Outgoing{Request: req, On: func(res *sip.Response, err error) {
		switch {
		case err != nil:
			done(Formats{}, false)
		case res.IsProvisional():
		default:
			done(formats(sipcore.Tokens(res, "Accept")), res.IsSuccess())
		}
	}})
}

func formats(accept []string) Formats {
	takes := map[string]bool{}
	for _, a := range accept {
		takes[sipcore.MediaType(a)] = true
	}
	return Formats{CPIM: takes[typeCPIM] && takes[typeNotification], Composing: takes[typeComposing]}
}
