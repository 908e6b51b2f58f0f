package media

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func described(sections ...string) string {
	return "v=0\r\na=group:BUNDLE 0 1\r\n" + strings.Join(sections, "")
}

func section(types ...string) string {
	text := "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n"
	for _, typ := range types {
		if typ == "active" {
			text += "a=candidate:2 1 tcp 1 192.0.2.1 9 typ host tcptype active generation 0\r\n"
			continue
		}
		text += "a=candidate:1 1 udp 1 192.0.2.1 1 typ " + typ + " raddr 0.0.0.0 rport 0\r\n"
	}
	return text
}

func TestDescriptionIsReleasedWhenItCanWork(t *testing.T) {
	type event struct {
		at       time.Duration
		types    string
		complete bool
	}
	const limit = time.Second
	tests := []struct {
		name   string
		rule   gathering
		events []event
		after  time.Duration
		want   string // candidate types sent; "error" = ErrNoRelay
	}{
		{"host only", gathering{}, []event{{5 * time.Millisecond, "host", false}}, 25 * time.Millisecond, "host"},
		{"hosts on two interfaces", gathering{}, []event{{5 * time.Millisecond, "host", false}, {9 * time.Millisecond, "host host", false}}, 25 * time.Millisecond, "host host"},
		{"one that nobody can reach", gathering{}, []event{{5 * time.Millisecond, "active", false}, {50 * time.Millisecond, "active host", false}}, 70 * time.Millisecond, "active host"},
		{"none that anybody can reach", gathering{}, []event{{5 * time.Millisecond, "active", false}, {8 * time.Millisecond, "active", true}}, 8 * time.Millisecond, "active"},
		{"complete is not waited on", gathering{}, []event{{5 * time.Millisecond, "host", false}, {9 * time.Millisecond, "host", true}}, 9 * time.Millisecond, "host"},
		{"nothing at all", gathering{}, nil, limit, ""},
		{"server reflexive", gathering{servers: true}, []event{{time.Millisecond, "host", false}, {80 * time.Millisecond, "host srflx", false}}, 80 * time.Millisecond, "host srflx"},
		{"relay first", gathering{servers: true}, []event{{80 * time.Millisecond, "host relay", false}}, 80 * time.Millisecond, "host relay"},
		{"dead server", gathering{servers: true}, []event{{time.Millisecond, "host", false}}, limit, "host"},
		{"server that shows nothing new", gathering{servers: true}, []event{{time.Millisecond, "host", false}, {30 * time.Millisecond, "host", true}}, 30 * time.Millisecond, "host"},
		{"relay demanded", gathering{servers: true, relay: true}, []event{{70 * time.Millisecond, "relay", false}}, 70 * time.Millisecond, "relay"},
		{"relay demanded, others first", gathering{servers: true, relay: true}, []event{{time.Millisecond, "host", false}, {70 * time.Millisecond, "host srflx", false}, {90 * time.Millisecond, "host srflx relay", false}}, 90 * time.Millisecond, "host srflx relay"},
		{"relay demanded, others only", gathering{servers: true, relay: true}, []event{{time.Millisecond, "host", false}, {70 * time.Millisecond, "host srflx", false}}, limit, "error"},
		{"relay demanded, no server", gathering{relay: true}, []event{{5 * time.Millisecond, "host", true}}, 5 * time.Millisecond, "error"},
		{"relay demanded, dead server", gathering{servers: true, relay: true}, nil, limit, "error"},
		{"relay demanded, refused", gathering{servers: true, relay: true}, []event{{70 * time.Millisecond, "", true}}, 70 * time.Millisecond, "error"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				started := time.Now()
				progress := make(chan struct{}, 1)
				for _, e := range tt.events {
					time.AfterFunc(e.at, func() { progress <- struct{}{} })
				}
				local := func() (string, bool) {
					var now event
					for _, e := range tt.events {
						if time.Since(started) >= e.at {
							now = e
						}
					}
					return described(section(strings.Fields(now.types)...)), now.complete
				}
				got, err := tt.rule.wait(t.Context(), limit, progress, local)
				if after := time.Since(started); after != tt.after {
					t.Errorf("released after %v, want %v", after, tt.after)
				}
				if tt.want == "error" {
					if !errors.Is(err, ErrNoRelay) {
						t.Errorf("got %v", err)
					}
					return
				}
				if want := described(section(strings.Fields(tt.want)...)); err != nil || got != want {
					t.Errorf("got %v, %q", err, got)
				}
			})
		})
	}
}

func TestGatheringEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	gone := errors.New("gone")
	cancel(gone)
	_, err := gathering{}.wait(ctx, time.Hour, nil, func() (string, bool) { return described(section()), false })
	if !errors.Is(err, gone) {
		t.Errorf("got %v", err)
	}
}

func TestEveryTransportNeedsItsCandidates(t *testing.T) {
	apart := "v=0\r\n" + section("host", "srflx") + section("host")
	if got := candidateTypes(apart); !got["host"] || got["srflx"] {
		t.Errorf("apart: %v", got)
	}
	bundled := described(section("host", "srflx"), section())
	if got := candidateTypes(bundled); !got["host"] || !got["srflx"] {
		t.Errorf("bundled: %v", got)
	}
}
