package sipcore

import (
	"errors"
	"fmt"
	"time"

	"github.com/emiago/sipgo/sip"
)

var (
	// ErrClosed says that the part asked has been shut down.
	ErrClosed = errors.New("closed")
	// ErrLinkDown says that there is no connection to the server, or that it was
	// lost before the answer came (RFC 3261 §8.1.3.1: treated as 503).
	ErrLinkDown = errors.New("no connection to the server")
	// ErrTimeout says that no final response came in time: Timer B or F fired
	// (RFC 3261 §8.1.3.1: treated as 408).
	ErrTimeout = errors.New("no answer from the server")
	// ErrCanceled says that the request was given up by this side.
	ErrCanceled = errors.New("canceled")
)

// ResponseError is a final response other than 2xx.
type ResponseError struct {
	Method string // of the request, e.g. "INVITE"
	Code   int    // 300 to 699
	Reason string // the server's words; may be empty
	// RetryAfter is what the Retry-After header asked for; 0 when it was absent
	// (RFC 3261 §20.33).
	RetryAfter time.Duration
}

func (e *ResponseError) Error() string {
	return fmt.Sprintf("%s: %d %s", e.Method, e.Code, e.Reason)
}

// NewResponseError makes the error of a final response other than 2xx.
func NewResponseError(res *sip.Response) *ResponseError {
	e := &ResponseError{Code: res.StatusCode, Reason: res.Reason, RetryAfter: RetryAfter(res)}
	if h := res.CSeq(); h != nil {
		e.Method = string(h.MethodName)
	}
	return e
}

// AddressError says why something typed is no address that can be called.
type AddressError struct {
	Input  string        // as typed, cut to 100 characters
	Reason AddressReason // what is wrong with it
}

func (e *AddressError) Error() string {
	return fmt.Sprintf("%q is not a SIP address: %s", e.Input, e.Reason)
}

// Cause is why a call, a registration or a message came to its end, in the terms
// of SIP. Code is a SIP status code, also where no response was received: 408 for
// no answer, 503 for a lost link, 487 for a call cancelled by this side, 0 for an
// ordinary end.
type Cause struct {
	Code   int    `json:"code"`
	Reason string `json:"reason"`
}

// CauseOf puts an error of this package into the terms of SIP. It returns nil for
// a nil error.
func CauseOf(err error) *Cause {
	var res *ResponseError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &res):
		return &Cause{Code: res.Code, Reason: res.Reason}
	case errors.Is(err, ErrTimeout):
		return &Cause{Code: 408, Reason: "Request Timeout"}
	case errors.Is(err, ErrLinkDown):
		return &Cause{Code: 503, Reason: "Service Unavailable"}
	case errors.Is(err, ErrCanceled):
		return &Cause{Code: 487, Reason: "Request Terminated"}
	default:
		return &Cause{Code: 500, Reason: err.Error()}
	}
}
