package auth

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// maxSpaces bounds the realms a Client remembers; the oldest is forgotten.
const maxSpaces = 16

// Client answers the challenges of servers and proxies with one user's credentials.
// It belongs to the loop of the user agent.
type Client struct {
	credentials Credentials
	spaces      []*space
}

// space is a protection space: what is known of a realm (RFC 3261 §22.1).
type space struct {
	at        place
	host      string // of the Request-URI that was challenged, in lower case
	challenge challenge
	nc        uint32 // uses of the nonce so far
	// algorithms are all those that the realm offered and that can be answered.
	algorithms []digest
	proven     bool // an answer was accepted
}

// NewClient returns a Client that authenticates as c.
func NewClient(c Credentials) *Client { return &Client{credentials: c} }

// Forget lets go of the credentials and of every answer made from them. Nothing is
// answered afterwards.
func (c *Client) Forget() { *c = Client{} }

// String names the user and nothing else.
func (c *Client) String() string { return "auth.Client for " + c.credentials.String() }

// GoString is String.
func (c *Client) GoString() string { return c.String() }

// Authorize puts into req, a copy of the request that res refused with 401 or 407, the
// answers to the challenges of res: one for each realm, to its strongest challenge.
// Answers to other realms that req carries already are renewed and stay. The digest-uri
// is the Request-URI as it stands, so it must be final; CSeq and Via are the caller's.
//
// A server that refuses a fresh answer gets no other: ErrRejected. A nonce that was
// reused and is not good any more, whether the server says so or not, is replaced once;
// so is a fresh one that the server calls stale. Other errors are ErrNoChallenge and
// ErrNoCredentials. With an error req is unchanged.
func (c *Client) Authorize(req *sip.Request, res *sip.Response) error {
	if c.credentials.empty() {
		return ErrNoCredentials
	}
	var asked []*space
	var unknown []string
	// A proxy that forks collects challenges of both kinds (RFC 3261 §16.7).
	for _, at := range places {
		known, others := challenges(res, at)
		for _, ch := range known {
			if !c.usable(ch) {
				others = append(others, ch.digest.name())
			}
		}
		unknown = append(unknown, others...)
		for _, ch := range strongest(known, c.usable) {
			asked = append(asked, &space{
				at: at, host: strings.ToLower(req.Recipient.Host), challenge: ch,
				algorithms: algorithms(known, ch.realm),
			})
		}
	}
	if len(asked) == 0 {
		return fmt.Errorf("%w: %s", ErrNoChallenge, offered(unknown))
	}

	cnonces := make([]string, len(asked))
	for i, s := range asked {
		tries := c.tries(req, s)
		if tries > 1 || tries == 1 && !s.challenge.stale {
			c.forget(s)
			return fmt.Errorf("realm %.64q: %w", s.challenge.realm, ErrRejected)
		}
		cnonces[i] = newCNonce(tries + 1)
	}
	c.renew(req, asked)
	for i, s := range asked {
		c.remember(s)
		c.answer(req, s, cnonces[i])
	}
	return nil
}

// Preload puts into req answers to challenges of the past whose nonces may still be
// good, so that the server need not ask again (RFC 3261 §22.2, §22.3): those of proxies
// into any request, those of servers only into a request for the same host.
func (c *Client) Preload(req *sip.Request) {
	for _, s := range c.spaces {
		switch {
		case s.challenge.qop == "":
			// Without a count every further use of a nonce looks like a replay.
			continue
		case s.challenge.digest.session:
			// A session keeps its first cnonce, which could not tell this use from
			// the first. It costs a round trip, at the few servers that do this.
			continue
		case s.at == atServer && !strings.EqualFold(s.host, req.Recipient.Host):
			continue
		case sent(req, s.at, s.challenge.realm) != nil:
			continue
		}
		c.answer(req, s, newCNonce(0))
	}
}

// Learn takes from res, a 2xx to req, that the answers in req were right, and the next
// nonce from its Authentication-Info (RFC 7616 §3.5).
func (c *Client) Learn(req *sip.Request, res *sip.Response) {
	for _, at := range places {
		answers := answersIn(req, at)
		for _, params := range answers {
			if s := c.find(at, params["realm"]); s != nil {
				s.proven = true
			}
		}
		info := res.GetHeaders(at.info)
		if len(info) != 1 || len(answers) != 1 {
			continue // it names no realm, so there must be no choice
		}
		params, err := parseParams(info[0].Value())
		s := c.find(at, answers[0]["realm"])
		if err != nil || params["nextnonce"] == "" || s == nil {
			continue
		}
		s.challenge.nonce, s.challenge.stale, s.nc = params["nextnonce"], false, 0
	}
}

// Digests are what the credentials come to for each realm that accepted them, for every
// algorithm it offered: enough to log in there without the password.
func (c *Client) Digests() []Digest {
	var all []Digest
	for _, s := range c.spaces {
		for _, h := range s.algorithms {
			d := Digest{Realm: s.challenge.realm, Algorithm: h.base, HA1: HA1(c.credentials.ha1(h, s.challenge.realm))}
			if s.proven && d.HA1 != "" && !slices.Contains(all, d) {
				all = append(all, d)
			}
		}
	}
	return all
}

// algorithms are those of the challenges of a realm, each once.
func algorithms(all []challenge, realm string) []digest {
	var found []digest
	for _, ch := range all {
		if ch.realm == realm && !slices.ContainsFunc(found, func(h digest) bool { return h.base == ch.digest.base }) {
			found = append(found, ch.digest)
		}
	}
	return found
}

// usable reports whether the credentials suffice for a challenge's algorithm.
func (c *Client) usable(ch challenge) bool {
	return c.credentials.ha1(ch.digest, ch.realm) != ""
}

// tries is how many answers made for this very request the server has had: a preloaded
// one does not count. The first character of the cnonce tells, which is ours to choose
// and cannot be changed by the server. Without a cnonce no answer is preloaded, and the
// nonce remembered tells whether it was the first or the second.
func (c *Client) tries(req *sip.Request, s *space) int {
	params := sent(req, s.at, s.challenge.realm)
	if params == nil {
		return 0
	}
	if cnonce := params["cnonce"]; cnonce != "" {
		return int(cnonce[0] - '0')
	}
	known := c.find(s.at, s.challenge.realm)
	if known != nil && known.challenge.nonce == params["nonce"] && !known.challenge.stale {
		return 1
	}
	return 2
}

func newCNonce(tries int) string { return string(rune('0'+tries)) + rand.Text() }

// renew counts the answers in req to realms that did not ask this time, since the
// request goes out once more.
func (c *Client) renew(req *sip.Request, asked []*space) {
	for _, at := range places {
		for _, params := range answersIn(req, at) {
			s := c.find(at, params["realm"])
			if s != nil && !slices.ContainsFunc(asked, s.same) {
				c.answer(req, s, params["cnonce"])
			}
		}
	}
}

// answer writes the Authorization or Proxy-Authorization for a space into req
// (RFC 7616 §3.4).
func (c *Client) answer(req *sip.Request, s *space, cnonce string) {
	s.nc++
	ch, uri := s.challenge, req.Recipient.String()
	response := answer{
		digest: ch.digest,
		ha1:    c.credentials.ha1(ch.digest, ch.realm),
		nonce:  ch.nonce,
		cnonce: cnonce,
		nc:     s.nc,
		qop:    ch.qop,
		method: string(req.Method),
		uri:    uri,
		body:   req.Body(),
	}.response()

	var b strings.Builder
	fmt.Fprintf(&b, "Digest username=%s, realm=%s, nonce=%s, uri=%s, response=%s",
		quote(c.credentials.Username), quote(ch.realm), quote(ch.nonce), quote(uri), quote(response))
	if ch.algorithm != "" {
		b.WriteString(", algorithm=" + ch.digest.name())
	}
	if ch.hasOpaque {
		b.WriteString(", opaque=" + quote(ch.opaque))
	}
	if ch.qop != "" {
		fmt.Fprintf(&b, ", qop=%s, nc=%s, cnonce=%s", ch.qop, nonceCount(s.nc), quote(cnonce))
	} else if ch.digest.session {
		b.WriteString(", cnonce=" + quote(cnonce)) // A1 needs it
	}
	replace(req, s.at, ch.realm, b.String())
}

// remember makes s what is known of its realm. The count goes on when the server hands
// out the same nonce again.
func (c *Client) remember(s *space) {
	if known := c.find(s.at, s.challenge.realm); known != nil {
		s.proven = known.proven
		if known.challenge.nonce == s.challenge.nonce {
			s.nc = known.nc
		}
	}
	c.forget(s)
	if len(c.spaces) == maxSpaces {
		c.spaces = slices.Delete(c.spaces, 0, 1)
	}
	c.spaces = append(c.spaces, s)
}

func (c *Client) forget(s *space) { c.spaces = slices.DeleteFunc(c.spaces, s.same) }

func (c *Client) find(at place, realm string) *space {
	i := slices.IndexFunc(c.spaces, func(s *space) bool { return s.at == at && s.challenge.realm == realm })
	if i < 0 {
		return nil
	}
	return c.spaces[i]
}

func (s *space) same(other *space) bool {
	return s.at == other.at && s.challenge.realm == other.challenge.realm
}

// answersIn returns the parameters of all Digest answers that req carries for a place.
func answersIn(req *sip.Request, at place) []map[string]string {
	var answers []map[string]string
	for _, h := range req.GetHeaders(at.answer) {
		if f, ok := parseAnswer(h); ok {
			answers = append(answers, f)
		}
	}
	return answers
}

// sent returns the parameters of the answer for a realm that req carries, or nil.
func sent(req *sip.Request, at place, realm string) map[string]string {
	for _, params := range answersIn(req, at) {
		if params["realm"] == realm {
			return params
		}
	}
	return nil
}

// parseAnswer reads an Authorization header: it holds one set of credentials
// (RFC 3261 §20.7).
func parseAnswer(h sip.Header) (params map[string]string, ok bool) {
	fields, err := parseFields(h.Value())
	if err != nil || len(fields) != 1 || !fields[0].isDigest() {
		return nil, false
	}
	return fields[0].params, true
}

// replace puts an answer into req in place of the one for the same realm.
func replace(req *sip.Request, at place, realm, value string) {
	old := req.GetHeaders(at.answer)
	for _, h := range old {
		req.RemoveHeader(h.Name())
	}
	for _, h := range old {
		if params, ok := parseAnswer(h); !ok || params["realm"] != realm {
			req.AppendHeader(h)
		}
	}
	req.AppendHeader(sip.NewHeader(at.answer, value))
}

// offered lists what a server offered, for an error's text.
func offered(names []string) string {
	const most = 5
	slices.Sort(names)
	names = slices.Compact(names)
	switch {
	case len(names) == 0:
		return "the server offers none"
	case len(names) > most:
		names = append(names[:most:most], "…")
	}
	return "the server offers " + strings.Join(names, ", ")
}
