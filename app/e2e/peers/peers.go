//go:build linux

// Package peers serves pages with SIP clients of others, JsSIP and SIP.js, so that
// tests can call them and be called by them.
package peers

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"gocommunicator/app/e2e/browser"
	"gocommunicator/app/e2e/need"
	"gocommunicator/app/e2e/server"
)

// Library is whose SIP client a peer runs.
type Library string

// The libraries there are.
const (
	JsSIP Library = "jssip"
	SIPjs Library = "sipjs"
)

// bundles is where `make peers` puts the bundled scripts.
const bundles = "build/peers/"

// Account is whom a peer logs in as, and where.
type Account struct {
	Server   string `json:"server"` // WebSocket URL
	User     string `json:"user"`
	Domain   string `json:"domain"`
	Password string `json:"password"`
	RTC      *RTC   `json:"rtc,omitempty"`
	Reliable bool   `json:"reliable,omitempty"` // SIP.js calls only who sends PRACK
}

// RTC is the RTCConfiguration of a peer's calls.
type RTC struct {
	ICEServers []ICEServer `json:"iceServers,omitempty"`
	Policy     string      `json:"iceTransportPolicy,omitempty"` // "relay", or empty for all
}

// ICEServer is one STUN or TURN server.
type ICEServer struct {
	URLs       string `json:"urls"`
	Username   string `json:"username,omitempty"`
	Credential string `json:"credential,omitempty"`
}

// Peer is a page that runs a SIP client of others.
type Peer struct {
	*browser.Page
	user, domain string
}

// Open serves the library's page, opens it in page and registers the account.
func Open(t testing.TB, page *browser.Page, library Library, account Account) *Peer {
	t.Helper()
	script, err := os.ReadFile(filepath.Clean(need.File(t, bundles+string(library)+".js", "make peers")))
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, "<!doctype html><title>%s</title><link rel=icon href=data:,><body>"+
			"<script type=module src=/peer.js></script>", library)
	})
	mux.HandleFunc("/peer.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		_, _ = w.Write(script)
	})
	site := httptest.NewServer(mux)
	t.Cleanup(site.Close)

	p := &Peer{Page: page, user: account.User, domain: account.Domain}
	p.Open(site.URL)
	p.run("register", account)
	p.Until("peer.status.registration === 'registered'")
	return p
}

// Address is the peer's `sip:user@domain`.
func (p *Peer) Address() string { return "sip:" + p.user + "@" + p.domain }

// Dial calls an address.
func (p *Peer) Dial(address string, video bool) { p.run("call", address, video) }

// Answer waits for a call and answers it.
func (p *Peer) Answer(video bool) {
	p.Rung()
	p.run("answer", video)
}

// Early waits for a call and lets it ring reliably, with sound: SIP.js only.
func (p *Peer) Early() {
	p.Rung()
	p.run("early")
}

// Update makes a new offer by UPDATE: JsSIP only.
func (p *Peer) Update() { p.run("update") }

// Reject waits for a call and refuses it with a final response of 4xx or 6xx.
func (p *Peer) Reject(code int) {
	p.Rung()
	p.run("reject", code)
}

// Video adds the picture of a camera to the call, or takes it away again (JsSIP only).
func (p *Peer) Video(on bool) { p.run("video", on) }

// Hangup ends the call, or gives up calling.
func (p *Peer) Hangup() { p.run("hangup") }

// Refer asks the other side to call an address in place of this one.
func (p *Peer) Refer(address string) { p.run("refer", address) }

// Consult asks somebody else, while the call goes on.
func (p *Peer) Consult(address string) { p.run("consult", address) }

// Connect asks the other side to call who was asked, in place of this one.
func (p *Peer) Connect() { p.run("connect") }

// Referred waits until the peer has heard that this has come about.
func (p *Peer) Referred() { p.Until("peer.status.transfer === 'done'") }

// Rings waits until the peer knows that the other side rings.
func (p *Peer) Rings() { p.Until("peer.status.call === 'ringing'") }

// Rung waits until the peer is called.
func (p *Peer) Rung() { p.Until("peer.status.call === 'incoming'") }

// Talks waits until the call is established.
func (p *Peer) Talks() { p.Until("peer.status.call === 'active'") }

// Idle waits until the call is over, in whatever way.
func (p *Peer) Idle() { p.Until("['ended', 'failed'].includes(peer.status.call)") }

// Message sends a message to an address.
func (p *Peer) Message(address, text string) { p.run("message", address, text) }

// Reads waits until that message has come.
func (p *Peer) Reads(text string) { p.Until(fmt.Sprintf("peer.status.message === %q", text)) }

func (p *Peer) run(function string, args ...any) { p.Call("peer."+function, args...) }

// KamailioAccount is the account of a user of Kamailio at one of its URLs.
func KamailioAccount(url, user string) Account {
	return Account{Server: url, User: user, Domain: server.Domain, Password: server.Password(user)}
}
