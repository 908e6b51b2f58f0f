//go:build !js

package phone_test

import (
	"context"
	"log/slog"
	"testing"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/app/bus"
	"gocommunicator/app/config"
	"gocommunicator/app/phone"
	"gocommunicator/sipcore"
	"gocommunicator/sipcore/media"
	"gocommunicator/sipcore/siptest"
)

// The person is told once that the call goes on without the location.
func TestRefusedLocationIsTold(t *testing.T) {
	peer := siptest.NewPeer(t)
	peer.Wait = patience
	cfg, problems := config.Load(nil, config.Layer{"websocket": map[string]any{"servers": "ws://example.test/sip"}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	log := slog.New(slog.DiscardHandler)
	u := &user{t: t, name: "alice", bus: bus.New(log), events: make(chan any, 1000)}
	u.Phone = phone.New(phone.Deps{
		Bus: u.bus, Config: cfg, Log: log, Dial: peer.Dialer(), InstanceID: "urn:uuid:00000000-0000-4000-8000-000000000000",
		Platform: media.Platform{
			Loopback: true, Codecs: []string{"pcmu"},
			Capture: func(context.Context, media.Kind) (media.Source, error) { return media.Tone(440), nil },
		},
	})
	watch[phone.Registration](u)
	watch[phone.Call](u)
	watch[phone.Notice](u)
	t.Cleanup(func() {
		u.Close()
		peer.Cut()
		<-u.Done()
		u.bus.Close()
		<-u.bus.Done()
	})
	u.must(u.Login(phone.Login{URI: "alice@example.test"}))
	register := peer.Expect(sip.REGISTER)
	peer.Reply(register, 200, siptest.Header("Contact", register.Contact().Value()+";expires=600"))
	await(u, func(r phone.Registration) bool { return r.State == phone.Registered })

	_, err := u.Dial(phone.Dial{To: "bob", Location: &phone.Location{Latitude: 42.5, Longitude: -73.25}})
	u.must(err)
	first := peer.Expect(sip.INVITE)
	if l, ok := sipcore.ParseLocation(sipcore.PartOf(first, sipcore.TypePIDF)); !ok || l.Latitude != 42.5 {
		t.Errorf("the INVITE tells %+v", l)
	}
	peer.Reply(first, 415)
	peer.Expect(sip.ACK)
	peer.Reply(peer.Expect(sip.INVITE), 180, siptest.ToTag("b"))
	notices := 0
	await(u, func(c phone.Call) bool { return c.State == phone.Trying })
	for ringing := false; !ringing; {
		switch ev := (<-u.events).(type) {
		case phone.Notice:
			if ev.Code == "error_location_refused" {
				notices++
			}
		case phone.Call:
			ringing = ev.State == phone.Ringing
		}
	}
	if notices != 1 {
		t.Errorf("told %d times", notices)
	}
}
