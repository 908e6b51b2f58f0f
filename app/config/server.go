package config

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// checkWebSocket accepts ws: and wss:, and what begins with a slash and is completed by
// resolve.
func checkWebSocket(s string) (checked, problem string) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", ""
	}
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return "", "is no address of a server like wss://example.org/sip"
	case u.Scheme == "http" || u.Scheme == "https":
		return "", "must begin with wss: (or ws:), not " + u.Scheme + ":"
	case u.Fragment != "":
		return "", "must not have a # in it"
	case u.Scheme == "" && strings.HasPrefix(s, "/"):
		return s, ""
	case u.Scheme != "ws" && u.Scheme != "wss" || u.Hostname() == "":
		return "", "is no address of a server like wss://example.org/sip"
	case u.Port() != "" && !isPort(u.Port()):
		return "", "has a port that is not from 1 to 65535"
	}
	return s, ""
}

// resolve makes relative addresses whole by that of the page, and drops servers that a
// browser would refuse.
func (r *reader) resolve(ws *WebSocket, page *url.URL) {
	var usable []Server
	for _, server := range ws.Servers {
		u, err := page.Parse(server.URL)
		if err != nil { // checked before
			continue
		}
		switch u.Scheme {
		case "http":
			u.Scheme = "ws"
		case "https":
			u.Scheme = "wss"
		}
		switch {
		case u.Host == "" || u.Scheme != "ws" && u.Scheme != "wss":
			r.report("websocket.servers", "%s needs a page that comes from a web server, or an address with wss:", server.URL)
			continue
		case u.Scheme == "ws" && page.Scheme == "https":
			r.report("websocket.servers", "%s cannot be used: a page opened with https may only connect to wss:", server.URL)
			continue
		}
		server.URL = u.String()
		usable = append(usable, server)
	}
	ws.Servers = usable
}

// checkSTUN holds to RFC 7064 §3.1, but for the slashes of a web address, which are meant
// well.
func checkSTUN(s string) (checked, problem string) {
	const wanted = "must be a STUN server like stun:example.org:3478"
	s = strings.TrimSpace(s)
	scheme, host, _ := strings.Cut(s, ":")
	scheme = strings.ToLower(scheme)
	host = strings.TrimPrefix(host, "//")
	if scheme != "stun" && scheme != "stuns" || !isHostPort(host) {
		return "", wanted
	}
	return scheme + ":" + host, ""
}

// checkTURN holds to RFC 7065 §3.1, as checkSTUN does to that of STUN.
func checkTURN(s string) (checked, problem string) {
	const wanted = "must be a TURN server like turn:example.org:3478?transport=udp"
	s = strings.TrimSpace(s)
	scheme, rest, _ := strings.Cut(s, ":")
	scheme, rest = strings.ToLower(scheme), strings.TrimPrefix(rest, "//")
	host, query, asked := strings.Cut(rest, "?")
	if scheme != "turn" && scheme != "turns" || !isHostPort(host) {
		return "", wanted
	}
	if asked && query != "transport=udp" && query != "transport=tcp" {
		return "", "must end in ?transport=udp or ?transport=tcp, or have no ? at all"
	}
	return scheme + ":" + rest, ""
}

// complete gives a server the weight of one that has none.
func (s *Server) complete() (problem string) {
	if s.Weight == 0 {
		s.Weight = 1
	}
	return ""
}

// complete reports half of a pair of credentials, which a browser refuses.
func (s *TURNServer) complete() (problem string) {
	if s.Username != "" && s.Password == "" {
		return "has a username and no password; without either the SIP account is used"
	}
	return ""
}

func isHostPort(s string) bool {
	host, port := s, ""
	if inside, found := strings.CutPrefix(s, "["); found {
		ip, after, closed := strings.Cut(inside, "]")
		addr, err := netip.ParseAddr(ip)
		if !closed || err != nil || !addr.Is6() || after != "" && after[0] != ':' {
			return false
		}
		return after == "" || isPort(after[1:])
	}
	if i := strings.IndexByte(s, ':'); i >= 0 {
		host, port = s[:i], s[i+1:]
		if !isPort(port) {
			return false
		}
	}
	return host != "" && !strings.ContainsFunc(host, func(r rune) bool {
		return isNotAlphanumeric(r) && r != '-' && r != '.' && r != '_'
	})
}

func isPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n > 0
}
