//go:build linux

package e2e

import (
	"encoding/json"
	"testing"
)

// loses lets a share of the packets that come seem lost, when window.losing is set.
const loses = `(() => {
	const { getStats } = RTCPeerConnection.prototype;
	const lost = new Map();
	window.losing = 0;
	RTCPeerConnection.prototype.getStats = async function (...args) {
		const report = new Map(await getStats.apply(this, args));
		for (const [id, s] of report) {
			if (s.type !== 'inbound-rtp' || s.kind !== 'audio') continue;
			const was = lost.get(id) ?? { received: 0, lost: 0 };
			was.lost += (s.packetsReceived - was.received) * window.losing / (1 - window.losing);
			was.received = s.packetsReceived;
			lost.set(id, was);
			report.set(id, { ...s, packetsLost: s.packetsLost + Math.round(was.lost) });
		}
		return report;
	};
})();`

// A person sees that the call is good, and when it is not, with what to do; looks at the
// figures; and finds them in the history.
func TestQualityOfACallIsSeenAndKept(t *testing.T) {
	s := startServer(t)
	page := newPage(t, low, "alice")
	page.Before(loses)
	alice := openDemo(t, s, page, "alice")
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
	alice.Dial(bob.Address(), false)
	bob.Answer(false)
	alice.Talks()
	alice.Until(`!performance.getEntriesByType('resource').some((e) => e.name.endsWith('quality.js'))`)
	record := alice.Topic("jsc/call/quality", "d.mos > 4 && d.mos_out > 4 && d.audio > 5000 && d.audio_out > 5000 && d.rtt > 0 && d.delay > 20", 0)
	var q struct {
		ID, Grade, Codec, Route, Protocol string
		Loss, Jitter                      float64
	}
	if err := json.Unmarshal(record.Data, &q); err != nil {
		t.Fatal(err)
	}
	if q.Grade != "good" || q.Codec != "opus/48000/2" || q.Route == "" || q.Protocol != "udp" || q.Loss > 5 {
		t.Errorf("%s", record.Data)
	}
	t.Logf("%s", record.Data)
	alice.Until(`document.querySelector('[data-quality=good] .quality-grade')?.innerText.includes('Good')`)

	alice.Evaluate(`void (window.losing = 0.5)`, nil)
	begin := alice.Now()
	alice.Action("more")
	alice.Action("quality")
	alice.Until(`document.querySelector('[data-region=quality] [data-id=loss] td')?.innerText.startsWith('50')`)
	alice.Until(`document.querySelectorAll('[data-region=quality] [data-id=loss] polyline').length === 2`)
	alice.Until(`document.querySelector('.chart-facts')?.innerText.includes('opus 48')`)
	alice.Until(`document.querySelector('[data-quality=bad] .quality-hint')?.innerText.includes('losing sound')`)
	t.Logf("half of the packets lost: said %.1f s later", (alice.Now()-begin)/1000)
	alice.Screenshot("quality")
	alice.Action("quality-close")
	alice.Until(`!document.querySelector('[data-region=quality]')`)
	alice.Screenshot("quality bad")

	alice.Hangup()
	alice.Idle()
	if record := alice.Topic("jsc/call/quality", "true", begin); len(record.Data) == 0 {
		t.Error("nothing published")
	}
	alice.Action("history-quality")
	alice.Until(`document.querySelector('.past-figures:popover-open')?.innerText.includes('opus/48000/2')`)
	alice.Screenshot("quality past")
	alice.Released()
}
