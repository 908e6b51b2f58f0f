package session_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/auth"
	"gocommunicator/sipcore/link"
	"gocommunicator/sipcore/sdp"
	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/siptest"
	"gocommunicator/sipcore/ua"
)

// description is a session description as a browser makes it, with one audio line and
// perhaps one for video.
func description(direction string, video bool) string {
	lines := []string{
		"v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0",
		"m=audio 9 UDP/TLS/RTP/SAVPF 111 0", "c=IN IP4 0.0.0.0",
		"a=rtpmap:111 opus/48000/2", "a=rtcp-mux", "a=mid:0", "a=" + direction,
		"a=ice-ufrag:abcd", "a=ice-pwd:abcdefghijklmnopqrstuvwx",
		"a=fingerprint:sha-256 " + strings.Repeat("AA:", 31) + "AA", "a=setup:actpass",
	}
	if video {
		lines = append(lines, "m=video 9 UDP/TLS/RTP/SAVPF 96", "c=IN IP4 0.0.0.0",
			"a=rtpmap:96 VP8/90000", "a=rtcp-mux", "a=mid:1", "a="+direction,
			"a=ice-ufrag:abcd", "a=ice-pwd:abcdefghijklmnopqrstuvwx",
			"a=fingerprint:sha-256 "+strings.Repeat("AA:", 31)+"AA", "a=setup:actpass")
	}
	return strings.Join(lines, "\r\n") + "\r\n"
}

func sdpBody(text string) siptest.Mod { return siptest.Body("application/sdp", text) }

var audio = sdpBody(description("sendrecv", false))

// scriptedMedia stands in for the browser: session's own rules are tested here, real
// media in package media and in the phone's tests.
type scriptedMedia struct {
	video bool
	on    func(session.MediaState)

	mu     sync.Mutex
	calls  []string
	fail   map[string]error
	hang   map[string]bool // waits until the context ends
	panics bool
	// refusesVideo answers an offer of picture with an inactive line.
	refusesVideo bool

	closed bool
	muted  [2]bool
	held   bool
	// remoteHolds says that the other side was last heard to hold; offers are inactive then.
	remoteHolds bool
}

// hangs has an operation wait from now on until it is given up.
func (m *scriptedMedia) hangs(name string) {
	m.mu.Lock()
	m.hang[name] = true
	m.mu.Unlock()
}

func (m *scriptedMedia) op(ctx context.Context, name string) error {
	m.mu.Lock()
	m.calls = append(m.calls, name)
	err, hang, panics := m.fail[name], m.hang[name], m.panics
	m.mu.Unlock()
	if panics {
		panic("thrown by the browser")
	}
	if hang {
		<-ctx.Done()
		return ctx.Err()
	}
	return err
}

func (m *scriptedMedia) Offer(ctx context.Context) ([]byte, error) {
	err := m.op(ctx, "offer")
	m.mu.Lock()
	defer m.mu.Unlock()
	direction := sdp.SendRecv
	if m.held {
		direction = sdp.SendOnly
	}
	if m.held && m.remoteHolds {
		direction = sdp.Inactive
	}
	return []byte(description(direction.String(), m.video)), err
}

func (m *scriptedMedia) Answer(ctx context.Context, offer []byte) ([]byte, error) {
	d, err := sdp.Parse(offer)
	if err != nil {
		return nil, err
	}
	wanted := sdp.SendRecv
	m.mu.Lock()
	if m.held {
		wanted = sdp.SendOnly
	}
	m.remoteHolds = d.Holds()
	m.mu.Unlock()
	direction := sdp.Answer(d.First("audio").Direction(), wanted).String()
	answer := description(direction, strings.Contains(string(offer), "m=video"))
	if at := strings.Index(answer, "m=video"); m.refusesVideo && at >= 0 {
		answer = answer[:at] + strings.Replace(answer[at:], "a="+direction, "a=inactive", 1)
	}
	return []byte(answer), m.op(ctx, "answer")
}

func (m *scriptedMedia) Accept(ctx context.Context, answer []byte, provisional bool) error {
	if provisional {
		return m.op(ctx, "provisional")
	}
	if d, err := sdp.Parse(answer); err == nil {
		m.mu.Lock()
		m.remoteHolds = d.Holds()
		m.mu.Unlock()
	}
	err := m.op(ctx, "accept")
	if err == nil {
		m.on(session.MediaConnected)
	}
	return err
}

func (m *scriptedMedia) Rollback(ctx context.Context) error { return m.op(ctx, "rollback") }

func (m *scriptedMedia) SetMuted(audio, video bool) {
	m.mu.Lock()
	m.muted = [2]bool{audio, video}
	m.mu.Unlock()
}

func (m *scriptedMedia) SetHold(on bool) {
	m.mu.Lock()
	m.held = on
	m.mu.Unlock()
}

func (m *scriptedMedia) Close() {
	m.mu.Lock()
	m.closed = true
	m.mu.Unlock()
}

func (m *scriptedMedia) log() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return strings.Join(m.calls, " ")
}

// phone is a user agent with scripted media, connected to a scripted peer.
type phone struct {
	t    *testing.T
	peer *siptest.Peer
	loop *sipcore.Loop
	ua   *ua.UA

	mu       sync.Mutex
	medias   []*scriptedMedia
	prepare  func(*scriptedMedia)
	states   []string
	incoming []*session.Session
	last     session.Info
	digits   string // received; owned by the loop
	referred []*session.Referred
	declines bool // wishes for a transfer
}

// run runs a test in a bubble with a phone that is up.
func run(t *testing.T, test func(t *testing.T, p *phone), set ...func(*ua.Config)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		log := slog.New(slog.DiscardHandler)
		p := &phone{t: t, peer: siptest.NewPeer(t), loop: sipcore.NewLoop(log)}
		cfg := ua.Config{
			Loop:        p.loop,
			Log:         log,
			Account:     sipcore.Address{Name: "Alice", URI: siptest.URI("sip:alice@example.test")},
			Credentials: auth.Credentials{Username: "alice", Password: "secret"},
			InstanceID:  "urn:uuid:00000000-0000-4000-8000-000000000001",
			Link:        link.Config{Servers: []link.Server{{URL: "ws://example.test"}}, Dial: p.peer.Dialer()},
			Open:        p.open,
			Events: ua.Events{
				Incoming: func(s *session.Session) {
					p.mu.Lock()
					p.incoming = append(p.incoming, s)
					p.mu.Unlock()
					p.changed(s)
				},
				Call: p.changed,
				Refer: func(_ *session.Session, r *session.Referred) bool {
					p.referred = append(p.referred, r)
					return !p.declines
				},
				Info: func(_ *session.Session, contentType string, body []byte) bool {
					digit, ok := session.ParseDigit(contentType, body)
					p.digits += digit
					return ok
				},
			},
		}
		for _, f := range set {
			f(&cfg)
		}
		var err error
		p.ua, err = ua.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		p.do(p.ua.Open)
		p.peer.ExpectDial()
		synctest.Wait()
		defer func() {
			p.loop.Post(func() { p.ua.Close(p.loop.Close) })
			p.peer.Cut()
			<-p.loop.Done()
		}()
		test(t, p)
	})
}

func (p *phone) open(video bool, on func(session.MediaState)) session.Media {
	m := &scriptedMedia{video: video, on: on, fail: map[string]error{}, hang: map[string]bool{}}
	if p.prepare != nil {
		p.prepare(m)
	}
	p.mu.Lock()
	p.medias = append(p.medias, m)
	p.mu.Unlock()
	return m
}

func (p *phone) changed(s *session.Session) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = s.Info()
	state := p.last.State.String()
	if n := len(p.states); n == 0 || p.states[n-1] != state {
		p.states = append(p.states, state)
	}
}

// do runs f on the loop and waits for it and all it leads to.
func (p *phone) do(f func()) {
	p.t.Helper()
	if err := p.loop.Do(p.t.Context(), f); err != nil {
		p.t.Fatal(err)
	}
	synctest.Wait()
}

func (p *phone) call(video bool) *session.Session {
	p.t.Helper()
	var s *session.Session
	p.do(func() {
		s = p.ua.Invite(session.Invite{To: sipcore.Address{URI: siptest.URI("sip:bob@example.test")}, Video: video})
	})
	return s
}

// established makes a call and has it answered with tag "b".
func (p *phone) established() (*session.Session, *siptest.Dialog) {
	p.t.Helper()
	s := p.call(false)
	invite := p.peer.Expect(sip.INVITE)
	res := p.peer.Reply(invite, 200, siptest.ToTag("b"), audio)
	p.peer.Expect(sip.ACK)
	p.wantState("active")
	return s, p.peer.Answered(invite, res)
}

// answered lets the peer call and be answered.
func (p *phone) answered() (*session.Session, *siptest.Dialog) {
	p.t.Helper()
	invite := p.peer.Request(sip.INVITE, "sip:alice@example.test", audio)
	p.peer.ExpectResponse(sip.INVITE, 180)
	s := p.incomingCall()
	p.do(func() { p.accept(s, false) })
	res := p.peer.ExpectResponse(sip.INVITE, 200)
	p.peer.Ack(invite, res)
	p.media().on(session.MediaConnected)
	p.wantState("active")
	return s, p.peer.Called(invite, res)
}

func (p *phone) accept(s *session.Session, video bool) {
	if err := s.Accept(video); err != nil {
		p.t.Error(err)
	}
}

func (p *phone) incomingCall() *session.Session {
	p.t.Helper()
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.incoming) == 0 {
		p.t.Fatal("no call came in")
	}
	return p.incoming[len(p.incoming)-1]
}

func (p *phone) media() *scriptedMedia {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.medias[len(p.medias)-1]
}

func (p *phone) info() session.Info {
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last
}

func (p *phone) wantState(want string) {
	p.t.Helper()
	if got := p.info().State.String(); got != want {
		p.t.Fatalf("state %s, want %s (err %v)", got, want, p.info().Err)
	}
}

// wantHistory compares the states gone through.
func (p *phone) wantHistory(want string) {
	p.t.Helper()
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	if got := strings.Join(p.states, " "); got != want {
		p.t.Fatalf("states %q, want %q", got, want)
	}
}

// wantNothingLeft checks that a call that is over holds nothing.
func (p *phone) wantNothingLeft() {
	p.t.Helper()
	time.Sleep(time.Minute) // of the bubble: all transaction timers have fired
	synctest.Wait()
	p.do(func() {
		if n := p.ua.Pending(); n != 0 {
			p.t.Errorf("%d transactions or sessions left", n)
		}
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.medias {
		m.mu.Lock()
		if !m.closed {
			p.t.Error("media not closed")
		}
		m.mu.Unlock()
	}
}
