package sipcore

import (
	"log/slog"

	"github.com/emiago/sipgo/sip"
)

// Agent is what a procedure (registration, session, message) needs of the user
// agent that it belongs to. All methods are for the loop only.
type Agent interface {
	// Loop owns the agent's state and that of all its procedures.
	Loop() *Loop
	// Log is where procedures say what happens.
	Log() *slog.Logger
	// AOR is the address of record in whose name the agent speaks.
	AOR() Address
	// Contact is the URI at which this agent is reached in dialogs and
	// registrations: `sip:<token>@<token>.invalid;transport=ws` (RFC 7118 §5).
	Contact() sip.Uri
	// InstanceID is the value of +sip.instance, `urn:uuid:…` (RFC 5626 §4.1).
	InstanceID() string
	// Allow is the value of the Allow header: the methods that the agent takes part in
	// (RFC 3261 §20.5).
	Allow() string
	// NewRequest makes a request outside a dialog: To, From with a new tag, a new
	// Call-ID, CSeq 1, Max-Forwards, User-Agent, and for INVITE and OPTIONS also
	// Allow, Supported and Contact. Via is set when it is sent.
	NewRequest(method sip.RequestMethod, to sip.Uri) *sip.Request
	// Request sends a request in a transaction, answering 401 and 407 with the
	// agent's credentials. What it reports is past authentication.
	Request(o Outgoing) ClientTransaction
	// Send sends a message outside any transaction: the ACK to a 2xx, or a 2xx
	// again.
	Send(msg sip.Message) error
}

// Outgoing is a request to be sent.
type Outgoing struct {
	Request *sip.Request
	// NextCSeq gives the sequence number for the repetition of the request with
	// credentials. A dialog counts here; nil means one more than before.
	NextCSeq func() uint32
	// On is called on the loop with each response, retransmitted 2xx and 2xx of
	// other forks included, and with a nil response and an error when the
	// transaction ends without a final response: ErrTimeout, ErrLinkDown,
	// ErrCanceled or ErrClosed, wrapped. After a final response other than 2xx
	// to INVITE, or any final response to another method, or an error, it is not
	// called again.
	On func(res *sip.Response, err error)
}

// ClientTransaction is a request on its way. Its methods are for the loop only.
type ClientTransaction interface {
	// Request is the request as last sent: with Via, and with credentials when it
	// had to be repeated. An ACK to a 2xx copies CSeq and credentials from it.
	Request() *sip.Request
	// Cancel gives up an INVITE (RFC 3261 §9.1): CANCEL is sent as soon as a
	// provisional response is there, and not at all when a final one comes first.
	// The INVITE's own final response (mostly 487) is still reported; when none
	// comes within 64*T1 of the CANCEL, ErrCanceled is. headers, e.g. Reason, are
	// added to the CANCEL. Calling it again does nothing.
	Cancel(headers ...sip.Header)
}

// ServerTransaction is a request received. Its methods are for the loop only.
type ServerTransaction interface {
	// Request is the request received. It must not be changed.
	Request() *sip.Request
	// Respond sends a response. A second final response is an error.
	Respond(res *sip.Response) error
	// OnCancel has f called, on the loop, when a CANCEL for this request comes
	// before the final response. The CANCEL itself has been answered; the request
	// is still to be, with 487.
	OnCancel(f func(cancel *sip.Request))
	// OnEnd has f called, on the loop, when the transaction has ended: with nil
	// when a final response other than 2xx to INVITE was acknowledged or another
	// final response was sent, with ErrTimeout when the ACK never came, with
	// ErrLinkDown when the response could not be sent.
	OnEnd(f func(err error))
}

// Outcome is an Outgoing.On for who wants to know how it ends and nothing else: done is
// called with nil for a 2xx, else with a *ResponseError or what befell the transaction.
func Outcome(done func(error)) func(*sip.Response, error) {
	return func(res *sip.Response, err error) {
		switch {
		case err != nil:
			done(err)
		case res.IsProvisional():
		case res.IsSuccess():
			done(nil)
		default:
			done(NewResponseError(res))
		}
	}
}
