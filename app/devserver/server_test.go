//go:build !js

package devserver

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/pion/logging"
	"github.com/pion/turn/v5"
	"go.uber.org/goleak"

	"gocommunicator/app/config"
	"gocommunicator/sipcore/link"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve starts a server on ports of the system's choice.
func serve(t *testing.T, cfg Config) *Server {
	t.Helper()
	cfg.Page, cfg.Log = testPage(), quiet()
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func get(t *testing.T, url, host string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = host
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true, DisableCompression: true}}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

func TestSettingsOfTheEmbeddedServerAreGoodOnes(t *testing.T) {
	s := serve(t, Config{NoServices: true})
	res, body := get(t, s.URL()+"config.json", "")
	if got := res.Header.Get("Content-Type"); got != "application/json" {
		t.Errorf("Content-Type %q", got)
	}
	if strings.Contains(body, s.settings.turnSecret) {
		t.Error("the secret of the TURN server is handed out")
	}
	cfg, problems := loadSettings(t, s, body)
	if len(problems) > 0 {
		t.Fatalf("the page would complain: %v\n%s", problems, body)
	}
	if cfg.User.URI != "sip:alice@localhost" || cfg.User.SIPAuthPassword == nil {
		t.Errorf("?account=alice gives %q", cfg.User.URI)
	}
	if len(cfg.TURNServers) != 2 || cfg.TURNServers[0].Server != "turn:"+s.TURNAddr()+"?transport=udp" {
		t.Errorf("TURN servers %v", cfg.TURNServers)
	}
	if got := cfg.WebSocket.Servers[0].URL; got != "ws://"+s.Addr()+"/sip" {
		t.Errorf("WebSocket server %q", got)
	}
}

func TestOwnAccountsAreNotHandedOut(t *testing.T) {
	s := serve(t, Config{NoServices: true, AccountsFile: writeAccounts(t), TURNPort: -1})
	_, body := get(t, s.URL()+"config.json", "")
	for _, secret := range []string{"erin", "correct horse", "demo", "turn:"} {
		if strings.Contains(body, secret) {
			t.Errorf("%q is in config.json", secret)
		}
	}
}

func writeAccounts(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "accounts.json")
	data, err := json.Marshal(map[string][]Account{"accounts": {{Name: "erin", Password: "correct horse"}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestAnswersCarryProtectiveHeaders(t *testing.T) {
	s := serve(t, Config{NoServices: true, TURNPort: -1})
	for _, path := range []string{"", "app.wasm", "config.json", "missing"} {
		res, _ := get(t, s.URL()+path, "")
		policy := res.Header.Get("Content-Security-Policy")
		script := policy[strings.Index(policy, "script-src"):]
		script = script[:strings.IndexByte(script, ';')]
		if strings.Contains(script, "unsafe-inline") || strings.Contains(script, "'unsafe-eval'") {
			t.Errorf("/%s: %s", path, script)
		}
		if res.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("/%s may be sniffed", path)
		}
	}
}

func TestOtherHostNamesAreRefusedWithDemoAccounts(t *testing.T) {
	s := serve(t, Config{NoServices: true, TURNPort: -1})
	for host, want := range map[string]int{
		"localhost:8080":     200,
		"phone.localhost":    200,
		"127.0.0.1":          200,
		"[::1]:8080":         200,
		"evil.example":       421,
		"evil.example:8080":  421,
		"localhost.evil.tld": 421,
		"192.0.2.1":          421,
	} {
		if res, _ := get(t, s.URL(), host); res.StatusCode != want {
			t.Errorf("Host %s got %d, want %d", host, res.StatusCode, want)
		}
	}
}

func TestConfigRefusals(t *testing.T) {
	for _, tc := range []struct {
		name string
		cfg  Config
		err  string
	}{
		{"network without accounts", Config{Addr: "0.0.0.0"}, "accounts file"},
		{"no address", Config{Addr: "here"}, "no IP address"},
		{"accounts file missing", Config{AccountsFile: filepath.Join(t.TempDir(), "none")}, "accounts file"},
		{"relay nowhere", Config{Addr: "0.0.0.0", AccountsFile: writeAccounts(t)}, "relay address"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := New(tc.cfg); err == nil || !strings.Contains(err.Error(), tc.err) {
				t.Errorf("got %v, want an error with %q", err, tc.err)
			}
		})
	}
}

func TestTakenPortIsNamedWithItsSetting(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := taken.Addr().(*net.TCPAddr).Port
	for setting, cfg := range map[string]Config{
		" PORT=":      {Port: port},
		" TURN_PORT=": {TURNPort: port},
	} {
		cfg.Log, cfg.NoServices = quiet(), true
		s, err := New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		err = s.Start(t.Context())
		if err == nil {
			t.Fatalf("%s: started", setting)
		}
		for _, want := range []string{strconv.Itoa(port), "taken", setting} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%q does not say %q", err, want)
			}
		}
	}
}

func TestWebSocketNeedsTheSubProtocol(t *testing.T) {
	s := serve(t, Config{NoServices: true, TURNPort: -1})
	if res, _ := get(t, s.URL()+"sip", ""); res.StatusCode != http.StatusBadRequest {
		t.Errorf("got %d, want 400", res.StatusCode)
	}
	closed := make(chan error, 1)
	sock, err := link.DialWebSocket(t.Context(), "ws://"+s.Addr()+"/sip", link.SocketEvents{
		Message: func([]byte) {}, Closed: func(err error) { closed <- err },
	})
	if err != nil {
		t.Fatal(err)
	}
	sock.Close(1000, "")
	<-closed
}

func TestTURNRelaysForTheCredentialsOfThePage(t *testing.T) {
	s := serve(t, Config{NoServices: true})
	user, password := s.turn.credentials()
	allocate := func(user, password string) error {
		conn, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		client, err := turn.NewClient(&turn.ClientConfig{
			TURNServerAddr: s.TURNAddr(), Conn: conn, LoggerFactory: logging.NewDefaultLoggerFactory(),
			Username: user, Password: password, Realm: "localhost",
		})
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		if err := client.Listen(); err != nil {
			t.Fatal(err)
		}
		relay, err := client.Allocate()
		if err != nil {
			return err
		}
		if n := s.turn.relays.Load(); n != 1 {
			t.Errorf("%d relays are counted, want 1", n)
		}
		return relay.Close()
	}
	if err := allocate(user, password); err != nil {
		t.Error(err)
	}
	if err := allocate(user, "wrong"); err == nil {
		t.Error("a wrong password was good enough")
	}
	past := "1:page"
	if err := allocate(past, s.turn.password(past)); err == nil {
		t.Error("credentials of the past were good enough")
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if n := s.turn.relays.Load(); n != 0 {
		t.Errorf("%d relays are still counted at the end", n)
	}
}

func TestRelayReaches(t *testing.T) {
	own := func(ip netip.Addr) bool { return ip == netip.MustParseAddr("192.0.2.7") }
	for _, tc := range []struct {
		peer                string
		onLoopback, network bool
	}{
		{"127.0.0.1", true, false},
		{"192.0.2.7", true, true},
		{"198.51.100.9", false, true},
		{"::1", true, false},
		{"169.254.1.1", false, false},
		{"224.0.0.1", false, false},
		{"0.0.0.0", false, false},
	} {
		if got := mayRelayTo(net.ParseIP(tc.peer), true, own); got != tc.onLoopback {
			t.Errorf("%s from loopback: %t", tc.peer, got)
		}
		if got := mayRelayTo(net.ParseIP(tc.peer), false, own); got != tc.network {
			t.Errorf("%s from a network: %t", tc.peer, got)
		}
	}
}

func TestBannerTellsWhatAPersonNeeds(t *testing.T) {
	s := serve(t, Config{})
	var b strings.Builder
	if err := s.Banner(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		s.URL() + "?account=alice", s.TURNAddr(), "alice, bob, carol, dave", "sip:echo@localhost", "Kamailio", "coturn",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, &b)
		}
	}
}

// loadSettings reads config.json as the page does when it was opened for alice.
func loadSettings(t *testing.T, s *Server, body string) (config.Config, []error) {
	t.Helper()
	layer, err := config.ParseLayer("config.json", []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	address, err := url.Parse(s.URL() + "?account=alice")
	if err != nil {
		t.Fatal(err)
	}
	return config.Load(address, layer)
}

// A page of this machine gets an account for a guest, one from elsewhere does not; they do
// not become more and more.
func TestGuestsGetAccounts(t *testing.T) {
	s := serve(t, Config{TURNPort: -1, NoServices: true})
	ask := func(header, value string) (int, string, http.Header) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+"guest", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set(header, value)
		client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(body), res.Header
	}
	status, body, header := ask("Origin", "http://localhost:99")
	var account struct{ URI, Password string }
	if err := json.Unmarshal([]byte(body), &account); err != nil || status != http.StatusOK || header.Get("Access-Control-Allow-Origin") != "http://localhost:99" {
		t.Fatalf("%d %s %v", status, body, header)
	}
	name := strings.TrimSuffix(strings.TrimPrefix(account.URI, "sip:"), "@localhost")
	if password, ok := s.guests.password(name); !ok || password != account.Password {
		t.Errorf("%s has %q", name, password)
	}
	if status, _, header := ask("Sec-Fetch-Site", "cross-site"); status != http.StatusForbidden || header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("from elsewhere: %d", status)
	}
	for range maxGuests - 1 {
		if _, _, ok := s.guests.add(); !ok {
			t.Fatal("there is room")
		}
	}
	if status, _, _ := ask("Origin", "null"); status != http.StatusServiceUnavailable {
		t.Errorf("too many: %d", status)
	}
}
