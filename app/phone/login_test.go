package phone

import (
	"log/slog"
	"reflect"
	"testing"

	"gocommunicator/app/config"
	"gocommunicator/sipcore/auth"
	"gocommunicator/sipcore/media"
)

func TestTURNWithoutUserGetsTheCredentialsOfTheAccount(t *testing.T) {
	cfg := config.Config{
		STUNServers: []config.STUNServer{{Server: "stun:s"}},
		TURNServers: []config.TURNServer{{Server: "turn:a"}, {Server: "turn:b", Username: "u", Password: "p"}},
	}
	p := &Phone{log: slog.New(slog.DiscardHandler)}
	got := p.iceServers(cfg, auth.Credentials{Username: "alice", Password: "secret"})
	want := []media.ICEServer{
		{URLs: []string{"stun:s"}},
		{URLs: []string{"turn:a"}, Username: "alice", Credential: "secret"},
		{URLs: []string{"turn:b"}, Username: "u", Credential: "p"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	got = p.iceServers(cfg, auth.Credentials{Username: "alice", Digests: []auth.Digest{{Realm: "x", Algorithm: "MD5", HA1: "y"}}})
	if want = append(want[:1], want[2]); !reflect.DeepEqual(got, want) {
		t.Errorf("without the password: %+v", got)
	}
}
