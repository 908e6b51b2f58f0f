package phone

import (
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
	got := iceServers(cfg, auth.Credentials{Username: "alice", Password: "secret"})
	want := []media.ICEServer{
		{URLs: []string{"stun:s"}},
		{URLs: []string{"turn:a"}, Username: "alice", Credential: "secret"},
		{URLs: []string{"turn:b"}, Username: "u", Credential: "p"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
}
