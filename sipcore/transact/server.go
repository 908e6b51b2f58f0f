package transact

import (
	"errors"
	"fmt"
	"strings"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
)

// Server is a request received: a server transaction. It implements
// [sipcore.ServerTransaction]. Its methods are for the loop only.
type Server struct {
	l      *Layer
	key    string
	req    *sip.Request
	tx     *sip.ServerTx
	trying *sipcore.Timer // sends 100 when nothing else was sent in time

	code  int  // of the final response sent, 0 before
	acked bool // the ACK to a final response other than 2xx came
	over  bool
	err   error // why it is over

	canceled *sip.Request // the CANCEL that came
	onCancel func(*sip.Request)
	onEnd    func(error)
}

var _ sipcore.ServerTransaction = (*Server)(nil)

// receiveRequest makes a transaction of a new request, or has the one that is there
// repeat its answer.
func (l *Layer) receiveRequest(req *sip.Request) {
	key := serverKey(req)
	if s := l.servers[key]; s != nil {
		l.log.Debug("request came again", "method", req.Method)
		if err := s.tx.Receive(req); err != nil {
			l.log.Info("request not taken", "err", err)
		}
		return
	}
	s := &Server{l: l, key: key, req: req, tx: sip.NewServerTx(key, req, conn{l}, silent)}
	s.tx.OnTerminate(func(_ string, err error) { l.loop.Post(func() { s.terminate(err) }) })
	if err := s.tx.Init(); err != nil {
		l.log.Error("no transaction for a request", "err", err)
		return
	}
	l.servers[key] = s
	if req.IsInvite() {
		s.startTrying()
	}
	if l.cfg.OnRequest == nil {
		if err := s.Respond(NewResponse(req, sip.StatusNotImplemented, "Not Implemented")); err != nil {
			l.log.Info("response not sent", "err", err)
		}
		return
	}
	l.cfg.OnRequest(s)
}

// startTrying has 100 sent when the request is not answered within 200 ms
// (RFC 3261 §17.2.1). The state machine has a timer of its own for that, which
// would send from another goroutine: feeding it the request again stops that timer
// and does nothing else.
func (s *Server) startTrying() {
	if err := s.tx.Receive(s.req); err != nil {
		s.l.log.Error("timer of 100 not stopped", "err", err)
	}
	s.trying = s.l.loop.After(sip.Timer_1xx, func() {
		if err := s.Respond(NewResponse(s.req, sip.StatusTrying, "Trying")); err != nil {
			s.l.log.Info("100 not sent", "err", err)
		}
	})
}

// receiveAck gives an ACK to the INVITE whose refusal it acknowledges. Any other
// belongs to a 2xx and is the session's.
func (l *Layer) receiveAck(ack *sip.Request) {
	s := l.servers[serverKey(ack)]
	switch {
	case s != nil && s.code >= 300:
		s.acked = true
		if err := s.tx.Receive(ack); err != nil {
			l.log.Info("ACK not taken", "err", err)
		}
	case s != nil && s.code == 0:
		l.log.Warn("ACK before the final response dropped")
	case l.cfg.OnAck != nil:
		l.cfg.OnAck(ack)
	}
}

// Request is the request received, with transport WS whatever its Via says. It must
// not be changed.
func (s *Server) Request() *sip.Request { return s.req }

// Respond sends a response, best made by NewResponse. It must not be changed
// afterwards. The error wraps ErrLinkDown when it could not be sent, and ErrClosed
// when the transaction is over; a second final response is an error.
func (s *Server) Respond(res *sip.Response) error {
	switch {
	case s.code != 0:
		return fmt.Errorf("%s was answered with %d, so not with %d", s.req.Method, s.code, res.StatusCode)
	case s.over && s.err != nil:
		return fmt.Errorf("respond to %s: %w", s.req.Method, s.err)
	case s.over:
		return fmt.Errorf("respond to %s: %w", s.req.Method, sipcore.ErrClosed)
	}
	s.trying.Stop()
	if !res.IsProvisional() {
		s.code = res.StatusCode
	}
	if err := s.tx.Respond(res); err != nil {
		if !errors.Is(err, sipcore.ErrLinkDown) {
			err = fmt.Errorf("%w: %w", sipcore.ErrLinkDown, err)
		}
		s.end(err)
		return fmt.Errorf("respond to %s: %w", s.req.Method, err)
	}
	return nil
}

// OnCancel sets what is called when the request is cancelled before its final
// response. When the CANCEL has already come, f is posted.
func (s *Server) OnCancel(f func(cancel *sip.Request)) {
	s.onCancel = f
	if cancel := s.canceled; cancel != nil {
		s.l.loop.Post(func() { f(cancel) })
	}
}

// OnEnd sets what is called when the transaction has ended, with the errors that
// [sipcore.ServerTransaction] names, or ErrClosed. After a 2xx to INVITE that is
// with nil and 64*T1 later; whether its ACK came is the session's to know. When the
// end has already come, f is posted.
func (s *Server) OnEnd(f func(err error)) {
	s.onEnd = f
	if s.over {
		s.l.loop.Post(func() { f(s.err) })
	}
}

// terminate takes note that the state machine has ended.
func (s *Server) terminate(err error) {
	switch {
	case errors.Is(err, sip.ErrTransactionTransport):
		s.end(sipcore.ErrLinkDown)
	case s.req.IsInvite() && s.code >= 300 && !s.acked:
		s.end(fmt.Errorf("ACK: %w", sipcore.ErrTimeout))
	default:
		s.end(nil)
	}
}

func (s *Server) end(err error) {
	if s.over {
		return
	}
	s.over, s.err = true, err
	s.trying.Stop()
	delete(s.l.servers, s.key)
	s.tx.Terminate()
	s.l.loop.Post(func() {
		if s.onEnd != nil {
			s.onEnd(err)
		}
	})
}

// serverKey is what a request is matched to its transaction by (RFC 3261 §17.2.3).
// An ACK has the key of its INVITE.
func serverKey(req *sip.Request) string {
	if key, err := sip.ServerTxKeyMake(req); err == nil {
		return key
	}
	// RFC 2543: neither a branch nor a tag.
	cseq := *req.CSeq()
	if cseq.MethodName == sip.ACK {
		cseq.MethodName = sip.INVITE
	}
	return strings.Join([]string{
		req.Recipient.String(), req.CallID().Value(), cseq.Value(), req.From().Value(), req.Via().Value(),
	}, sip.TxSeperator)
}

func tagOf(to *sip.ToHeader) string {
	if to == nil {
		return ""
	}
	return to.Params.GetOr("tag", "")
}
