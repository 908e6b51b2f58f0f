//go:build linux

package e2e

import (
	"fmt"
	"testing"

	"gocommunicator/app/e2e/server"
)

// inUse are the codecs in which a page sends, and how much of each kind in kbit/s since
// the last look.
const inUse = `(async () => {
	const found = {};
	for (const c of window.connections ?? []) for (const [, s] of await c.getStats()) {
		if (s.type !== 'outbound-rtp' || !s.codecId) continue;
		const stats = await c.getStats();
		found[s.kind] = stats.get(s.codecId).mimeType;
		const last = (window.sentBefore ??= {})[s.kind];
		found[s.kind + 'Rate'] = last ? 8 * (s.bytesSent - last.bytesSent) / (s.timestamp - last.timestamp) : 0;
		window.sentBefore[s.kind] = s;
	}
	return found;
})()`

// TestCodecsAndBoundsAreThoseOfTheSettings has each side prefer other codecs, and one of
// them bound what it takes.
func TestCodecsAndBoundsAreThoseOfTheSettings(t *testing.T) {
	k := server.StartKamailio(t)
	open := func(in *lazyBrowser, name string, media map[string]any) *phone {
		page := newPage(t, in, name)
		page.Before(`{
			const Native = RTCPeerConnection;
			window.connections = [];
			window.RTCPeerConnection = new Proxy(Native, { construct(target, args) {
				const made = new target(...args);
				connections.push(made);
				return made;
			} });
		}`)
		return kamailioPhone(t, page, k.WS, name, map[string]any{"media": media})
	}
	alice := open(low, "alice", map[string]any{
		"audio_codecs": []string{"PCMA", "opus"}, "video_codecs": []string{"VP9", "VP8"}, "max_bitrate_video": 150, "max_bitrate_audio": 100,
	})
	bob := open(high, "bob", map[string]any{"audio_codecs": []string{"G722", "PCMA"}, "video_codecs": []string{"VP8"}})
	alice.Dial(bob.Address(), true)
	bob.Answer(true)
	alice.Talks()
	bob.Talks()
	alice.Hears(highTone)
	bob.Hears(lowTone)
	for _, p := range []*phone{alice, bob} {
		p.Moves(remotePicture)
		p.Until(inUse + `.then((f) => f.audio === 'audio/PCMA' && f.video === 'video/VP8')`)
		p.Evaluate(`new Promise((done) => setTimeout(done, 3000))`, nil)
		var now struct{ VideoRate float64 }
		p.Evaluate(inUse, &now)
		t.Logf("%s sends %.0f kbit/s of picture", p.address, now.VideoRate)
		if now.VideoRate > 165 || now.VideoRate == 0 {
			t.Errorf("%s sends %.0f kbit/s of picture, bound to 150", p.address, now.VideoRate)
		}
	}
	for _, bound := range []int{150, 100} { // of which Chromium keeps one of the two forms
		bob.Until(fmt.Sprintf(`/b=(AS:%d|TIAS:%d000)\b/.test(connections.at(-1).remoteDescription.sdp)`, bound, bound))
	}
	alice.Hangup()
	bob.Idle()
}

// Who knows none of the codecs that the other side allows is refused, and both are told.
func TestCallWithoutACodecInCommonIsRefused(t *testing.T) {
	k := server.StartKamailio(t)
	alice := kamailioPhone(t, newPage(t, low, "alice"), k.WS, "alice", map[string]any{"media": map[string]any{"audio_codecs": []string{"opus"}}})
	bob := kamailioPhone(t, newPage(t, high, "bob"), k.WS, "bob", map[string]any{"media": map[string]any{"audio_codecs": []string{"PCMU"}}})
	alice.Dial(bob.Address(), false)
	if c := alice.state("failed"); c.code() != 488 {
		t.Errorf("the call failed with %d", c.code())
	}
	alice.Until(`document.body.innerText.includes("no way of talking in common")`)
}
