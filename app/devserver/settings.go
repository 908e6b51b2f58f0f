//go:build !js

package devserver

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"strconv"
	"time"
)

// pageSettings is the config.json for the page of this server: only what differs
// from the defaults, under the names of config-sample.json.
type pageSettings struct {
	WebSocket   webSocketSettings `json:"websocket"`
	TURNServers []turnSettings    `json:"turn_servers"`
	Embed       embedSettings     `json:"embed"`
	Demo        *demoSettings     `json:"demo,omitempty"`
	Guest       *guestSettings    `json:"guest,omitempty"`
}

// guestSettings says where those who have no account get one.
type guestSettings struct {
	EnrolURL string `json:"enrol_url"`
}

// embedSettings says which pages may hold the phone: those on this machine.
type embedSettings struct {
	AllowedOrigins []string `json:"allowed_origins"`
}

type webSocketSettings struct {
	Servers string `json:"servers"`
}

type turnSettings struct {
	Server   string `json:"server"`
	Username string `json:"username"`
	Password string `json:"password"`
}

// demoSettings names the accounts whose password is their name.
type demoSettings struct {
	Domain   string   `json:"domain"`
	Accounts []string `json:"accounts"`
}

// serveSettings answers /config.json.
func (s *Server) serveSettings(w http.ResponseWriter, r *http.Request) {
	out := pageSettings{
		WebSocket:   webSocketSettings{Servers: "/sip"},
		TURNServers: []turnSettings{},
	}
	if s.settings.addr.IsLoopback() {
		out.Embed.AllowedOrigins = neighbours
	}
	if s.turn != nil {
		user, password := s.turn.credentials()
		at := net.JoinHostPort(s.settings.relay.String(), strconv.Itoa(s.turn.port))
		for _, transport := range []string{"udp", "tcp"} {
			out.TURNServers = append(out.TURNServers, turnSettings{
				Server:   "turn:" + at + "?transport=" + transport,
				Username: user,
				Password: password,
			})
		}
	}
	if s.settings.demo {
		out.Guest = &guestSettings{EnrolURL: "/guest"}
		out.Demo = &demoSettings{Domain: s.settings.Domain}
		for _, a := range s.settings.accounts {
			out.Demo.Accounts = append(out.Demo.Accounts, a.Name)
		}
	}
	data, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		s.log.Error("settings not written", "err", err)
		http.Error(w, "not available", http.StatusInternalServerError)
		return
	}
	if s.settings.demo {
		letNeighbours(w, r)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store") // it holds credentials
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}
