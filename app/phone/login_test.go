package phone

import (
	"reflect"
	"testing"

	"gocommunicator/app/config"
	"gocommunicator/sipcore"
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

func TestRegistrarOfTheSettings(t *testing.T) {
	account, err := sipcore.ParseAddress("alice@example.org:5080", "")
	if err != nil {
		t.Fatal(err)
	}
	for server, want := range map[string]string{
		"":                         "",
		"sip:reg.example.org":      "sip:reg.example.org",
		"sip:reg.example.org:5070": "sip:reg.example.org:5070",
		"reg.example.org":          "sip:reg.example.org",
	} {
		uri, err := registrarOf(config.Config{Registration: config.Registration{Server: server}}, account)
		got := ""
		if uri.Host != "" {
			got = uri.String()
		}
		if err != nil || got != want {
			t.Errorf("%q: %s, %v", server, got, err)
		}
	}
}
