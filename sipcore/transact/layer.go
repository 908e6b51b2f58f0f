package transact

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
)

// defaultMaxMessage is the default of [Config.MaxMessage], that of the link.
const defaultMaxMessage = 4 * 65536

// Config is what a Layer needs. Loop and Send are required.
type Config struct {
	Loop *sipcore.Loop
	Log  *slog.Logger // nil = slog.Default()
	// Send hands one message to the link. It never blocks and is called on the loop.
	Send func([]byte) error
	// OnRequest is called with each new, well-formed request other than ACK and
	// CANCEL, once. It has to be answered by Server.Respond sooner or later. Nil =
	// all are answered with 501.
	OnRequest func(*Server)
	// OnAck is called with the ACK to a 2xx, and with an ACK that belongs to no
	// transaction (RFC 6026 §7.1). Nil = dropped.
	OnAck func(*sip.Request)
	// OnStray is called with a 2xx to an INVITE whose transaction is over
	// (RFC 3261 §13.2.2.4). Nil = dropped.
	OnStray func(*sip.Response)
	// Trace is called on the loop with each message sent or received, as it is on the
	// wire and so with its secrets; understood is false for one received that was
	// malformed. It must not keep or change data. Nil = nobody looks.
	Trace func(sent, understood bool, data []byte)
	// Transport stands in the Via header fields: "WS", which "" means, or "WSS"
	// (RFC 7118 §5.2).
	Transport string
	// SentBy is the host of our Via header fields; "" = a random `<token>.invalid`
	// (RFC 7118 §5).
	SentBy string
	// MaxMessage is the size in bytes from which on a message is dropped unread; 0 =
	// 262144.
	MaxMessage int
}

// Layer holds the transactions of one connection.
type Layer struct {
	cfg     Config
	loop    *sipcore.Loop
	log     *slog.Logger
	parser  *sip.Parser
	clients map[string]*Client
	servers map[string]*Server
	closed  bool
}

// New makes a layer without transactions.
func New(cfg Config) (*Layer, error) {
	if cfg.Loop == nil || cfg.Send == nil {
		return nil, errors.New("transact: Loop and Send are required")
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Transport == "" {
		cfg.Transport = "WS"
	}
	if cfg.SentBy == "" {
		cfg.SentBy = strings.ToLower(sip.GenerateTagN(12)) + ".invalid"
	}
	if cfg.MaxMessage <= 0 {
		cfg.MaxMessage = defaultMaxMessage
	}
	// The library drops the name in Refer-To, and ends at what it cannot read there.
	parsers := maps.Clone(sip.DefaultHeadersParser())
	delete(parsers, "refer-to")
	delete(parsers, "referred-by")
	parser := sip.NewParser(sip.WithHeadersParsers(parsers))
	parser.MaxMessageLength = cfg.MaxMessage
	return &Layer{
		cfg:     cfg,
		loop:    cfg.Loop,
		log:     cfg.Log,
		parser:  parser,
		clients: make(map[string]*Client),
		servers: make(map[string]*Server),
	}, nil
}

// Send sends a message outside any transaction: the ACK to a 2xx, or a 2xx again.
// A request without Via gets one with a new branch. The error wraps ErrLinkDown or
// ErrClosed.
func (l *Layer) Send(msg sip.Message) error {
	if l.closed {
		return fmt.Errorf("send: %w", sipcore.ErrClosed)
	}
	if req, ok := msg.(*sip.Request); ok && req.Via() == nil {
		req.PrependHeader(l.Via())
	}
	return l.write(msg)
}

// Via makes a Via header field of this layer with a new branch (RFC 3261 §8.1.1.7).
func (l *Layer) Via() *sip.ViaHeader {
	via := &sip.ViaHeader{
		ProtocolName:    "SIP",
		ProtocolVersion: "2.0",
		Transport:       l.cfg.Transport,
		Host:            l.cfg.SentBy,
		Params:          sip.NewParams(),
	}
	via.Params.Add("branch", sip.GenerateBranch())
	return via
}

// LinkDown says that the connection is lost. Every client transaction without a
// final response reports ErrLinkDown together with err, which may be nil; server
// transactions end with the same. The layer can be used again when the link is up.
func (l *Layer) LinkDown(err error) {
	down := sipcore.ErrLinkDown
	if err != nil && !errors.Is(err, sipcore.ErrLinkDown) {
		down = fmt.Errorf("%w: %w", sipcore.ErrLinkDown, err)
	}
	l.endAll(down)
}

// SetTransport says whether Via header fields name "WS" or "WSS" from now on: a link
// that fails over may go from one to the other.
func (l *Layer) SetTransport(transport string) { l.cfg.Transport = transport }

// Close ends every transaction with ErrClosed. Nothing is sent or received
// afterwards.
func (l *Layer) Close() {
	l.closed = true
	l.endAll(sipcore.ErrClosed)
}

// Pending is how many transactions there are: 0 is where every test ends.
func (l *Layer) Pending() int { return len(l.clients) + len(l.servers) }

// Merged reports whether a request outside a dialog has already come by another
// way and is still being dealt with: it is to be answered with 482 (RFC 3261
// §8.2.2.2).
func (l *Layer) Merged(req *sip.Request) bool {
	if tagOf(req.To()) != "" {
		return false
	}
	key := serverKey(req)
	for _, s := range l.servers {
		if s.key != key && sameRequest(s.req, req) {
			return true
		}
	}
	return false
}

func sameRequest(a, b *sip.Request) bool {
	return *a.CallID() == *b.CallID() && *a.CSeq() == *b.CSeq() &&
		a.From().Params.GetOr("tag", "") == b.From().Params.GetOr("tag", "")
}

func (l *Layer) endAll(err error) {
	for _, c := range slices.Collect(maps.Values(l.clients)) {
		c.end(err)
	}
	for _, s := range slices.Collect(maps.Values(l.servers)) {
		s.end(err)
	}
}

// write marshals a message and hands it to the link.
func (l *Layer) write(msg sip.Message) error {
	if msg.ContentLength() == nil {
		msg.SetBody(msg.Body())
	}
	return l.writeRaw([]byte(msg.String()))
}

func (l *Layer) writeRaw(data []byte) error {
	l.log.Debug("send", "message", summary(data))
	l.trace(true, true, data)
	switch err := l.cfg.Send(data); {
	case err == nil:
		return nil
	case errors.Is(err, sipcore.ErrLinkDown):
		return err
	default:
		return fmt.Errorf("%w: %w", sipcore.ErrLinkDown, err)
	}
}

func (l *Layer) trace(sent, understood bool, data []byte) {
	if l.cfg.Trace != nil {
		l.cfg.Trace(sent, understood, data)
	}
}

// summary is what of a message goes into a log: the start line and no header
// field, since some hold credentials.
func summary(data []byte) string {
	const enough = 120
	line, _, _ := strings.Cut(string(data[:min(len(data), enough)]), "\r\n")
	return strings.ToValidUTF8(sipcore.Blank([]byte(line)), "\uFFFD")
}
