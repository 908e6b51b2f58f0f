package session

import (
	"errors"
	"slices"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/dialog"
	"gocommunicator/sipcore/transact"
)

// Set holds the sessions of one agent and gives each request to the one that it is
// for. It belongs to the agent's loop.
type Set struct {
	cfg        Config
	onIncoming func(*Session)
	sessions   []*Session // in the order in which they began
	dialogs    map[dialog.ID]*Session
	ended      []dialog.ID // the last ones that are over
}

// NewSet makes an empty set. onIncoming is called on the loop with each call that
// comes in, which rings until it is answered, rejected or given up.
func NewSet(cfg Config, onIncoming func(*Session)) *Set {
	return &Set{cfg: cfg, onIncoming: onIncoming, dialogs: map[dialog.ID]*Session{}}
}

// Sessions returns those that are not over, in the order in which they began.
func (set *Set) Sessions() []*Session {
	return slices.DeleteFunc(slices.Clone(set.sessions), (*Session).over)
}

// Pending counts what is still held, sessions that are over but wait for an ACK
// included.
func (set *Set) Pending() int { return len(set.sessions) }

func (set *Set) add(s *Session) { set.sessions = append(set.sessions, s) }

func (set *Set) remove(s *Session) {
	if i := slices.Index(set.sessions, s); i >= 0 {
		set.sessions = slices.Delete(set.sessions, i, i+1)
	}
	for id, of := range set.dialogs {
		if of == s {
			set.ended = append(set.ended, id)
			delete(set.dialogs, id)
		}
	}
	set.ended = set.ended[max(0, len(set.ended)-maxEnded):]
}

func (set *Set) bind(d *dialog.Dialog, s *Session) { set.dialogs[d.ID()] = s }

func (set *Set) unbind(d *dialog.Dialog) { delete(set.dialogs, d.ID()) }

// Receive takes an INVITE, or a request with a To tag. What belongs to no session is
// answered with 481 (RFC 3261 §12.2.2).
func (set *Set) Receive(tx sipcore.ServerTransaction) {
	req := tx.Request()
	id, inDialog := dialog.IDOf(req)
	if !inDialog {
		set.incoming(tx)
		return
	}
	s := set.dialogs[id]
	if s == nil || s.over() && req.Method != sip.BYE && !(req.Method == sip.NOTIFY && len(s.referrals) > 0) {
		set.refuse(tx, sip.StatusCallTransactionDoesNotExists, "Call/Transaction Does Not Exist")
		return
	}
	s.receive(tx)
}

// ReceiveAck takes an ACK to a 2xx.
func (set *Set) ReceiveAck(ack *sip.Request) {
	id, _ := dialog.IDOf(ack)
	if s := set.dialogs[id]; s != nil {
		s.receiveAck(ack)
	}
}

// receive takes a request inside the dialog.
func (s *Session) receive(tx sipcore.ServerTransaction) {
	req := tx.Request()
	d := s.dialogOf(req)
	if d == nil {
		s.set.refuse(tx, sip.StatusCallTransactionDoesNotExists, "Call/Transaction Does Not Exist")
		return
	}
	if err := d.Receive(req); errors.Is(err, dialog.ErrOutOfOrder) {
		s.reply(tx, sip.StatusInternalServerError, "Out of Order")
		return
	}
	switch req.Method {
	case sip.BYE:
		s.receiveBye(tx)
	case sip.INVITE:
		s.receiveReinvite(tx)
	case sip.UPDATE:
		s.receiveUpdate(tx)
	case sip.PRACK:
		s.receivePrack(tx)
	case sip.REFER:
		s.receiveRefer(tx)
	case sip.NOTIFY:
		s.receiveNotify(tx)
	case sip.INFO:
		s.receiveInfo(tx)
	case sip.OPTIONS:
		s.reply(tx, sip.StatusOK, "OK", sip.NewHeader("Allow", s.cfg.Agent.Allow()), sip.NewHeader("Accept", "application/sdp"))
	default:
		s.reply(tx, sip.StatusMethodNotAllowed, "Method Not Allowed", sip.NewHeader("Allow", s.cfg.Agent.Allow()))
	}
}

// dialogOf is the dialog that a request came in: while calling, the early one of a fork.
func (s *Session) dialogOf(req *sip.Request) *dialog.Dialog {
	if s.dialog != nil {
		return s.dialog
	}
	id, _ := dialog.IDOf(req)
	return s.early[id.RemoteTag]
}

// refuse answers a request that belongs to no session.
func (set *Set) refuse(tx sipcore.ServerTransaction, code int, reason string, headers ...sip.Header) {
	transact.Respond(set.cfg.Agent.Log(), tx, code, reason, headers...)
}
