package subscribe

import (
	"errors"
	"slices"
	"strings"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/dialog"
	"gocommunicator/sipcore/transact"
)

// Set is the subscriptions of one agent. It belongs to the agent's loop.
type Set struct {
	agent sipcore.Agent
	known map[key]*Subscription  // by the dialog that they have, or will have
	all   map[*Subscription]bool // that are not Terminated
}

// key names a dialog before the notifier is known.
type key struct{ callID, localTag string }

// NewSet makes an empty set.
func NewSet(agent sipcore.Agent) *Set {
	return &Set{agent: agent, known: map[key]*Subscription{}, all: map[*Subscription]bool{}}
}

// Subscribe begins a subscription.
func (set *Set) Subscribe(cfg Config) *Subscription {
	if cfg.Expires == 0 {
		cfg.Expires = defaultExpires
	}
	s := &Subscription{set: set, cfg: cfg}
	set.all[s] = true
	s.ask()
	return s
}

// LinkUp says that there is a new connection: notifiers are to know it.
func (set *Set) LinkUp() {
	for s := range set.all {
		s.handle(inDue)
	}
}

// Close ends all subscriptions.
func (set *Set) Close() {
	for s := range set.all {
		s.Stop()
	}
}

// maxBody is the largest body taken in, in bytes.
const maxBody = 128 << 10

// Receive takes a NOTIFY and tells whether it is of one of the subscriptions; else it is
// not answered.
func (set *Set) Receive(tx sipcore.ServerTransaction) (known bool) {
	req := tx.Request()
	id, _ := dialog.IDOf(req)
	s := set.known[key{id.CallID, id.LocalTag}]
	if s == nil {
		return false
	}
	reply := func(code int, reason string, headers ...sip.Header) bool {
		transact.Respond(set.agent.Log(), tx, code, reason, headers...)
		return true
	}
	event, params, _ := strings.Cut(header(req, "Event"), ";")
	state := header(req, "Subscription-State")
	switch {
	case !strings.EqualFold(strings.TrimSpace(event), s.cfg.Event), named(params):
		return reply(sip.StatusCallTransactionDoesNotExists, "Subscription Does Not Exist")
	case state == "":
		return reply(sip.StatusBadRequest, "Missing Subscription-State")
	case !s.join(req, id):
		return reply(sip.StatusCallTransactionDoesNotExists, "Subscription Does Not Exist")
	}
	if err := s.dialog.Receive(req); errors.Is(err, dialog.ErrOutOfOrder) {
		return reply(sip.StatusInternalServerError, "Out of Order")
	}
	s.dialog.Refresh(req)
	body := req.Body()
	switch {
	case len(body) > maxBody:
		return reply(sip.StatusRequestEntityTooLarge, "Request Entity Too Large")
	case len(body) > 0 && !slices.Contains(s.cfg.Accept, sipcore.MediaType(header(req, "Content-Type"))):
		return reply(sip.StatusUnsupportedMediaType, "Unsupported Media Type", sip.NewHeader("Accept", strings.Join(s.cfg.Accept, ", ")))
	case len(body) > 0 && s.state != Stopping && !s.cfg.OnNotify(body):
		return reply(sip.StatusBadRequest, "Malformed Body")
	}
	reply(sip.StatusOK, "OK")
	s.told(state)
	return true
}

// join tells whether a NOTIFY is of the notifier that is known; the first one makes it so
// (RFC 6665 §4.1.2.4).
func (s *Subscription) join(notify *sip.Request, id dialog.ID) bool {
	if s.dialog == nil {
		d, err := dialog.NewUAS(notify, s.tag, s.set.agent.Contact())
		if err != nil {
			return false
		}
		d.LocalCSeq = s.cseq
		s.dialog = d
		return true
	}
	return s.dialog.RemoteTag == id.RemoteTag
}

// named tells whether an Event has an id: those of this agent's have none.
func named(params string) bool {
	for p := range strings.SplitSeq(params, ";") {
		name, _, _ := strings.Cut(p, "=")
		if strings.EqualFold(strings.TrimSpace(name), "id") {
			return true
		}
	}
	return false
}

func header(req *sip.Request, name string) string {
	if h := req.GetHeader(name); h != nil {
		return strings.TrimSpace(h.Value())
	}
	return ""
}
