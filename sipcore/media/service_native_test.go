//go:build !js

package media

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/pion/turn/v5"
)

func TestEchoSendsBackSoundAndPicture(t *testing.T) {
	alice := newPhone(t, 440)
	echo, err := NewEcho(Config{Platform: Platform{Loopback: true}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(echo.Close)
	a, _ := open(alice.Engine, Want{Audio: true, Video: true})
	e, _ := open(echo, Want{Audio: true, Video: true})
	agree(t, a, e)
	awaitTone(t, alice.meter, 440)
	await(t, "picture", func() bool { return alice.meter.Packets(Video) > 5 })
	if !e.Local().Has(Video) || !e.Remote().Has(Video) {
		t.Error("the echo's streams do not show picture")
	}
	s, err := a.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s.Video.Codec != "vp8/90000" || s.Video.FramesSent == 0 || s.Video.FramesDecoded == 0 {
		t.Errorf("statistics: %+v", s.Video)
	}
}

func TestEchoGoesOnAfterPictureWasRemovedAndAddedAgain(t *testing.T) {
	alice := newPhone(t, 440)
	echo, err := NewEcho(Config{Platform: Platform{Loopback: true}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(echo.Close)
	a, _ := open(alice.Engine, Want{Audio: true, Video: true})
	e, _ := open(echo, Want{Audio: true, Video: true})
	agree(t, a, e)
	for range 3 {
		alice.meter.Reset()
		await(t, "picture", func() bool { return alice.meter.Packets(Video) > 3 })
		for _, video := range []bool{false, true} {
			a.SetWant(Want{Audio: true, Video: video})
			e.SetWant(Want{Audio: true, Video: true})
			agree(t, a, e)
		}
		awaitTone(t, alice.meter, 440)
	}
}

func TestTelephoneEventsAreReportedOnce(t *testing.T) {
	// Each event takes four packets with one timestamp, as a phone sends it.
	events := []byte{1, 10, 15}
	alice := newPhone(t, 440, func(c *Config) {
		c.Platform.Capture = func(context.Context, Kind) (Source, error) {
			return Source{Codec: "telephone-event", Frame: 20 * time.Millisecond, Next: func(n int) []byte {
				return []byte{events[n%len(events)], 0x0A, 0, 160}
			}}, nil
		}
	})
	echo, err := NewEcho(Config{Platform: Platform{Loopback: true}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(echo.Close)
	digits := make(chan string, 1000)
	a, _ := open(alice.Engine, Want{Audio: true})
	e := echo.Open(Want{Audio: true}, Events{Digit: func(d string) { digits <- d }})
	agree(t, a, e)
	next := map[string]string{"1": "*", "*": "D", "D": "1"}
	last := <-digits
	for range 5 {
		d := <-digits
		if d != next[last] {
			t.Fatalf("%q after %q", d, last)
		}
		last = d
	}
	if alice.meter.Packets(Audio) > 0 {
		t.Error("telephone events were echoed")
	}
}

func TestMusicIsHeardAsPCMU(t *testing.T) {
	alice := newPhone(t, 440)
	music, err := NewTones(Config{Platform: Platform{Loopback: true}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(music.Close)
	a, _ := open(alice.Engine, Want{Audio: true, Video: true})
	m, _ := open(music, Want{Audio: true})
	_, answer := agree(t, a, m)
	if c := answer.Media()[0].Codecs()[0].Name; c != "pcmu" || answer.HasVideo() {
		t.Errorf("answered with %s", c)
	}
	await(t, "music", func() bool {
		level, _ := alice.meter.Sound()
		return alice.meter.Packets(Audio) > 10 && level > 0.02
	})
}

// turnServer runs on a port of its own and returns its address.
func turnServer(t *testing.T) string {
	t.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	key := turn.GenerateAuthKey("alice", "example.test", "secret")
	server, err := turn.NewServer(turn.ServerConfig{
		Realm: "example.test",
		AuthHandler: func(ra *turn.RequestAttributes) (string, []byte, bool) {
			return ra.Username, key, ra.Username == "alice"
		},
		PacketConnConfigs: []turn.PacketConnConfig{{
			PacketConn: conn,
			RelayAddressGenerator: &turn.RelayAddressGeneratorStatic{
				RelayAddress: net.IPv4(127, 0, 0, 1), Address: "127.0.0.1",
			},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return conn.LocalAddr().String()
}

func TestRelayOnlyGoesThroughTURN(t *testing.T) {
	server := ICEServer{URLs: []string{"turn:" + turnServer(t) + "?transport=udp"}, Username: "alice", Credential: "secret"}
	alice := newPhone(t, 440, func(c *Config) { c.RelayOnly, c.ICEServers = true, []ICEServer{server} })
	bob := newPhone(t, 600)
	a, _ := open(alice.Engine, Want{Audio: true})
	b, _ := open(bob.Engine, Want{Audio: true})
	offer, _ := agree(t, a, b)
	if types := candidateTypes(string(offer.Bytes())); !types["relay"] || len(types) != 1 {
		t.Errorf("candidates: %v", types)
	}
	awaitTone(t, alice.meter, 600)
	awaitTone(t, bob.meter, 440)
	s, err := a.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s.Pair.Local != "relay" {
		t.Errorf("path: %+v", s.Pair)
	}
}

func TestRelayOnlyWithoutRelayFails(t *testing.T) {
	server := ICEServer{URLs: []string{"turn:" + turnServer(t) + "?transport=udp"}, Username: "mallory", Credential: "secret"}
	alice := newPhone(t, 440, func(c *Config) {
		c.RelayOnly, c.ICEServers, c.GatherTimeout = true, []ICEServer{server}, 300*time.Millisecond
	})
	a, _ := open(alice.Engine, Want{Audio: true})
	if _, err := a.Offer(t.Context()); !errors.Is(err, ErrNoRelay) {
		t.Errorf("got %v", err)
	}
}

func TestRequiredRelayStandsAmongTheOthers(t *testing.T) {
	url := "turn:" + turnServer(t) + "?transport=udp"
	phoneWith := func(password string) phone {
		return newPhone(t, 440, func(c *Config) {
			c.RequireRelay, c.GatherTimeout = true, 10*time.Second
			c.ICEServers = []ICEServer{{URLs: []string{url}, Username: "alice", Credential: password}}
		})
	}
	alice, bob := phoneWith("secret"), newPhone(t, 600)
	a, _ := open(alice.Engine, Want{Audio: true})
	b, _ := open(bob.Engine, Want{Audio: true})
	offer, _ := agree(t, a, b)
	if types := candidateTypes(string(offer.Bytes())); !types["relay"] || !types["host"] {
		t.Errorf("candidates: %v", types)
	}
	awaitTone(t, alice.meter, 600)

	c, _ := open(phoneWith("wrong").Engine, Want{Audio: true})
	if _, err := c.Offer(t.Context()); !errors.Is(err, ErrNoRelay) {
		t.Errorf("an offer without relay: %v", err)
	}
	if _, err := c.Answer(t.Context(), offer.Bytes()); !errors.Is(err, ErrNoRelay) {
		t.Errorf("an answer without relay: %v", err)
	}
}

func TestDigitsAreReadOncePerEvent(t *testing.T) {
	type packet struct {
		timestamp uint32
		payload   []byte
		want      string
	}
	var r digitReader
	for i, p := range []packet{
		{100, []byte{5, 0x0A, 0, 160}, "5"},
		{100, []byte{5, 0x0A, 1, 64}, ""},
		{100, []byte{5, 0x8A, 1, 64}, ""},
		{2000, []byte{5, 0x0A, 0, 160}, "5"},
		{100, []byte{5, 0x8A, 1, 64}, ""}, // overtaken
		{3000, []byte{16, 0x0A, 0, 160}, ""},
		{4000, []byte{11}, ""},
		{5000, []byte{11, 0, 0, 0}, "#"},
		{0xFFFFFFF0, nil, ""},
	} {
		if got := r.read(p.timestamp, p.payload); got != p.want {
			t.Errorf("packet %d: %q, want %q", i, got, p.want)
		}
	}
	wrapped := digitReader{timestamp: 0xFFFFFF00, seen: true}
	if got := wrapped.read(50, []byte{12, 0, 0, 0}); got != "A" {
		t.Errorf("after the clock wrapped: %q", got)
	}
}

func FuzzDigits(f *testing.F) {
	f.Add(uint32(1), []byte{1, 2, 3, 4})
	f.Fuzz(func(t *testing.T, timestamp uint32, payload []byte) {
		var r digitReader
		if d := r.read(timestamp, payload); len(d) > 1 {
			t.Fatalf("%q", d)
		}
	})
}

func TestG711KeepsSamples(t *testing.T) {
	for s := -32000; s <= 32000; s += 37 {
		got := int(decodeULaw(encodeULaw(int16(s))))
		if diff := got - s; diff*diff > s*s/256+64 {
			t.Fatalf("%d became %d", s, got)
		}
	}
	if decodeULaw(silenceULaw) != 0 {
		t.Error("silence is not silent")
	}
	// ITU-T G.711 table 1a: the ends and the smallest values.
	for code, want := range map[byte]int16{0xD5: 8, 0x55: -8, 0xAA: 32256, 0x2A: -32256} {
		if got := decodeALaw(code); got != want {
			t.Errorf("A-law %#x: %d, want %d", code, got, want)
		}
	}
}

func TestEnginesCloseWhatIsOpen(t *testing.T) {
	alice, bob := newPhone(t, 440), newPhone(t, 600)
	var wait sync.WaitGroup
	for range 3 {
		a, _ := open(alice.Engine, Want{Audio: true})
		b, _ := open(bob.Engine, Want{Audio: true})
		wait.Go(func() { // closing may come at any moment
			ctx := context.Background()
			if offer, err := a.Offer(ctx); err == nil {
				if answer, err := b.Answer(ctx, offer); err == nil {
					_ = a.Accept(ctx, answer, false)
				}
			}
		})
	}
	alice.Close()
	bob.Close()
	wait.Wait()
	alice.Close()
}
