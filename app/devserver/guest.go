//go:build !js

package devserver

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Of the accounts that are made for guests: how long one lasts, and how many there are.
const (
	guestTime = time.Hour
	maxGuests = 200
)

// guests are the accounts made for those who have none, on a server for trying out.
type guests struct {
	mu   sync.Mutex
	live map[string]guest // by name
}

type guest struct {
	password string
	until    time.Time
}

// password is that of a guest who is still there.
func (g *guests) password(name string) (string, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	found, ok := g.live[name]
	return found.password, ok && time.Now().Before(found.until)
}

// add makes an account; there may be none left.
func (g *guests) add() (name, password string, ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for name, guest := range g.live {
		if time.Now().After(guest.until) {
			delete(g.live, name)
		}
	}
	if len(g.live) >= maxGuests {
		return "", "", false
	}
	name, password = "guest-"+strings.ToLower(rand.Text()[:8]), rand.Text()
	g.live[name] = guest{password, time.Now().Add(guestTime)}
	return name, password, true
}

// letNeighbours lets pages of this machine read an answer, whatever their port.
func letNeighbours(w http.ResponseWriter, r *http.Request) {
	w.Header().Add("Vary", "Origin")
	origin := r.Header.Get("Origin")
	for _, pattern := range neighbours {
		if strings.HasPrefix(origin, strings.TrimSuffix(pattern, "*")) {
			w.Header().Set("Access-Control-Allow-Origin", origin)
		}
	}
}

// enrol answers /guest: see config.Enrolment.
func (s *Server) enrol(w http.ResponseWriter, r *http.Request) {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "same-site", "none":
	default: // a page from elsewhere could not read the answer, but use up the accounts
		http.Error(w, "for pages of this server only", http.StatusForbidden)
		return
	}
	name, password, ok := s.guests.add()
	if !ok {
		w.Header().Set("Retry-After", "600")
		http.Error(w, "too many guests", http.StatusServiceUnavailable)
		return
	}
	letNeighbours(w, r)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	err := json.NewEncoder(w).Encode(map[string]any{
		"uri": "sip:" + name + "@" + s.settings.Domain, "password": password, "expires": int(guestTime.Seconds()),
	})
	if err != nil {
		s.log.Debug("guest not told", "err", err)
	}
}
