//go:build linux

package e2e

import (
	"encoding/json"
	"strings"
	"testing"

	"gocommunicator/app/e2e/server"
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

// published keeps the SIP messages that a page sends to a collector, in window.reports.
const published = `(() => {
	const { send } = WebSocket.prototype;
	window.reports = [];
	WebSocket.prototype.send = function (data) {
		const text = typeof data === 'string' ? data : new TextDecoder().decode(data);
		if (text.startsWith('PUBLISH ')) window.reports.push(text);
		return send.call(this, data);
	};
})();`

// Through a server of others the call is measured likewise, and its end is told to the
// collector, whom that server does not know: nothing comes of that.
func TestQualityIsReportedThroughKamailio(t *testing.T) {
	k := server.StartKamailio(t)
	page := newPage(t, low, "alice")
	page.Before(published)
	alice := kamailioPhone(t, page, k.WS, "alice", map[string]any{"media": map[string]any{"quality_collector": "sip:nobody@" + server.Domain}})
	bob := kamailioPhone(t, newPage(t, high, "bob"), k.WS, "bob", nil)
	alice.Dial(bob.Address(), false)
	bob.Answer(false)
	alice.Talks()
	alice.Topic("jsc/call/quality", "d.mos > 4 && d.mos_out > 4 && d.grade === 'good'", 0)
	bob.Topic("jsc/call/quality", "d.mos > 4 && d.mos_out > 4 && d.grade === 'good'", 0)
	alice.Hangup()
	alice.Idle()
	var report string
	alice.Evaluate(`e2e.until(() => reports.at(-1), 45000, () => 'nothing was published')`, &report)
	for _, line := range []string{
		"PUBLISH sip:nobody@example.test SIP/2.0\r\n", "Event: vq-rtcpxr\r\n", "Content-Type: application/vq-rtcpxr\r\n", "VQSessionReport: CallTerm\r\n",
		"LocalID: <sip:alice@example.test>\r\n", "PD=opus SR=48000", "\r\nRemoteMetrics:\r\n", "QualityEst: RLQ=9",
	} {
		if !strings.Contains(report, line) {
			t.Errorf("%q is not in\n%s", line, report)
		}
	}
	alice.Dial(bob.Address(), false) // the next call is none the worse
	bob.Answer(false)
	alice.Talks()
	alice.Hangup()
	alice.Idle()
	bob.Idle()
}

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
