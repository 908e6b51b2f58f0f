//go:build !js

package media

import (
	"errors"
	"strings"
	"testing"

	"gocommunicator/sipcore/sdp"
)

// What the other side offers or answers and nobody understands costs neither the call nor
// its sound.
func TestDescriptionsThatMakeNoSenseLeaveTheSound(t *testing.T) {
	alice, bob := newPhone(t, 440), newPhone(t, 600)
	a, _ := open(alice.Engine, Want{Audio: true})
	b, _ := open(bob.Engine, Want{Audio: true})
	agree(t, a, b)
	awaitTone(t, alice.meter, 600)
	awaitTone(t, bob.meter, 440)
	for name, spoil := range map[string]func(string) string{
		"200 media lines": func(good string) string {
			return good + strings.Repeat("m=video 0 UDP/TLS/RTP/SAVPF 96\r\n", 200)
		},
		"other order": func(good string) string {
			return strings.Replace(good, "m=audio", "m=video 0 UDP/TLS/RTP/SAVPF 96\r\nm=audio", 1)
		},
		"two directions":     func(good string) string { return good + "a=inactive\r\na=sendonly\r\n" },
		"no fingerprint":     func(good string) string { return strings.ReplaceAll(good, "a=fingerprint:", "a=finger:") },
		"no codec in common": func(good string) string { return strings.Replace(good, "SAVPF", "SAVPF 99\r\na=other:", 1) },
		"rubbish":            func(string) string { return "rubbish" },
	} {
		t.Run(name, func(t *testing.T) {
			offer, err := b.Offer(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := a.Answer(t.Context(), []byte(spoil(string(offer)))); !errors.Is(err, sdp.ErrUnusable) {
				t.Errorf("offer: %v", err)
			}
			if err := b.Rollback(t.Context()); err != nil {
				t.Fatal(err)
			}
			offer, err = a.Offer(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			answer, err := b.Answer(t.Context(), offer)
			if err != nil {
				t.Fatal(err)
			}
			if err := a.Accept(t.Context(), []byte(spoil(string(answer))), false); !errors.Is(err, sdp.ErrUnusable) {
				t.Errorf("answer: %v", err)
			}
			if err := a.Rollback(t.Context()); err != nil {
				t.Fatal(err)
			}
			awaitTone(t, alice.meter, 600)
			awaitTone(t, bob.meter, 440)
		})
	}
	agree(t, a, b)
	awaitTone(t, alice.meter, 600)
}
